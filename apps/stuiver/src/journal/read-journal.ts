import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type CsvError, parse } from 'csv-parse';
import { CHAIN_STEPS_MAX, type JournalEntry } from '@stuiver/contracts';
import { IMPORT_FIELDS, importLine, type ImportLine, LineProblem } from './journal-line.js';
import type { JournalFormat } from './write-journal.js';

/** An entry and the line on which it begins. */
export interface ReadEntry {
  readonly line: number;
  readonly entry: JournalEntry;
}

interface Numbered {
  readonly line: number;
  readonly fields: ImportLine;
}

/** Longer lines are no journal's. */
const LINE_BYTES_MAX = 16_384;

/**
 * The entries of a file, one after the other: lines with the same id that follow each other are one entry. Holds no more
 * than one entry.
 *
 * @throws LineProblem at the first line that cannot be imported.
 */
export async function* readJournal(path: string, format: JournalFormat): AsyncGenerator<ReadEntry> {
  const lines = format === 'csv' ? csvLines(path) : jsonLines(path);
  let begun: Numbered[] = [];
  for await (const next of lines) {
    const [first] = begun;
    if (first !== undefined && first.fields.id !== next.fields.id) {
      yield entryOf(first, begun);
      begun = [];
    }
    needToFit(begun, next);
    begun.push(next);
  }
  const [last] = begun;
  if (last !== undefined) yield entryOf(last, begun);
}

function needToFit(begun: readonly Numbered[], { line, fields }: Numbered): void {
  const [first] = begun;
  if (first === undefined) return;
  if (fields.effective_at !== first.fields.effective_at) {
    const rule = `must be that of line ${String(first.line)}, which has the same id`;
    throw new LineProblem(line, 'effective_at', rule, fields.effective_at);
  }
  if (begun.length < CHAIN_STEPS_MAX) return;
  const rule = `must not be that of more than ${String(CHAIN_STEPS_MAX)} lines`;
  throw new LineProblem(line, 'id', rule, fields.id);
}

function entryOf({ line, fields: first }: Numbered, lines: readonly Numbered[]): ReadEntry {
  const transfers = lines.map(
    ({ fields: { purpose, debit, credit, amount_minor: amountMinor } }) => ({
      ...{ purpose, debit, credit, amountMinor },
    }),
  );
  const { id, effective_at: effectiveAt } = first;
  return { line, entry: { id, effectiveAt, currency: 'EUR', transfers } };
}

async function* csvLines(path: string): AsyncGenerator<Numbered> {
  const parser = parse({
    ...{ bom: true, columns: true, info: true, skip_empty_lines: true, trim: true },
    max_record_size: LINE_BYTES_MAX,
  });
  const input = createReadStream(path);
  input.once('error', (error) => parser.destroy(error));
  try {
    for await (const record of input.pipe(parser)) {
      const { info, record: fields } = record as {
        info: { lines: number };
        record: Record<string, string>;
      };
      yield { line: info.lines, fields: importLine(fields, info.lines) };
    }
  } catch (error) {
    throw isCsvError(error) ? csvProblem(error) : error;
  } finally {
    input.destroy();
  }
}

/** By name: under some runners the class is not the very same one. */
function isCsvError(error: unknown): error is CsvError {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    String(error.code).startsWith('CSV_')
  );
}

function csvProblem(error: CsvError): LineProblem {
  const { lines } = error as unknown as { lines?: number };
  const columns = `with the columns ${IMPORT_FIELDS.join(', ')}`;
  return new LineProblem(lines ?? 1, 'the line', `is no line of CSV ${columns}`, error.message);
}

async function* jsonLines(path: string): AsyncGenerator<Numbered> {
  const input = createReadStream(path, 'utf8');
  const failed = new Promise<never>((_resolve, reject) => input.once('error', reject));
  failed.catch(() => undefined);
  let line = 0;
  for await (const text of createInterface({ input, crlfDelay: Infinity })) {
    line += 1;
    if (text.trim() !== '') yield { line, fields: importLine(objectIn(text, line), line) };
  }
  if (input.errored !== null) await failed;
}

function objectIn(text: string, line: number): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // What is no JSON is no object either.
  }
  throw new LineProblem(line, 'the line', 'must be a JSON object', text);
}
