import type { Writable } from 'node:stream';
import { z } from 'zod';
import {
  BulkAnswerSchema,
  type BulkAnswer,
  type BookedTransfer,
  JOURNAL_ENTRIES_MAX,
  JournalPageSchema,
} from '@stuiver/contracts';
import { errorCode } from '@stuiver/errors';
import { CommandFailed } from '../commands/command.js';
import type { OperatorClient } from '../commands/operator-client.js';
import { LineProblem } from './journal-line.js';
import { readJournal, type ReadEntry } from './read-journal.js';
import { type JournalFormat, writeJournal } from './write-journal.js';

const Answers = z.object({ answers: z.array(BulkAnswerSchema) });
/** How often the first pass tells how far it is, in entries. */
const TOLD_EVERY = 100;

export interface ExportOptions {
  readonly format: JournalFormat;
  /** `from`, `to`, `account`: what is left out does not count. */
  readonly filter: Readonly<Record<string, string | undefined>>;
  readonly onProgress: (transfers: number) => void;
}

/** Writes the journal of the running Stuiver page by page. @returns how many transfers there were. */
export function exportJournal(
  client: OperatorClient,
  out: Writable,
  { format, filter, onProgress }: ExportOptions,
): Promise<number> {
  return writeJournal(pagesOf(client, filter), out, { format, onProgress });
}

export interface ImportOptions {
  readonly file: string;
  readonly format: JournalFormat;
  /** Entries that are booked; in the first pass, lines that are checked. */
  readonly onProgress: (count: number) => void;
}

/**
 * The first pass: nothing is booked of a file that is not well-formed to its end.
 *
 * @returns how many entries there are. @throws CommandFailed naming line, field, rule and value.
 */
export function checkJournal({ file, format, onProgress }: ImportOptions): Promise<number> {
  return inWords(count(readJournal(file, format), onProgress));
}

/**
 * Books the entries of a file in their order.
 *
 * @returns how many are booked, now or before. @throws CommandFailed at the first that is not, naming its line.
 */
export function importJournal(
  client: OperatorClient,
  { file, format, onProgress }: ImportOptions,
): Promise<number> {
  return inWords(book(client, readJournal(file, format), onProgress));
}

async function* pagesOf(
  client: OperatorClient,
  filter: Readonly<Record<string, string | undefined>>,
): AsyncGenerator<readonly BookedTransfer[]> {
  let after: string | null = '0';
  while (after !== null) {
    const query = new URLSearchParams({ after });
    for (const [name, value] of Object.entries(filter)) {
      if (value !== undefined) query.set(name, value);
    }
    const path = `/operator/ledger/journal?${query.toString()}`;
    const page: z.infer<typeof JournalPageSchema> = JournalPageSchema.parse(
      await client.call('GET', path),
    );
    yield page.transfers;
    after = page.next;
  }
}

async function count(
  entries: AsyncIterable<ReadEntry>,
  onProgress: (lines: number) => void,
): Promise<number> {
  let seen = 0;
  for await (const { line } of entries) {
    seen += 1;
    if (seen % TOLD_EVERY === 0) onProgress(line);
  }
  return seen;
}

async function book(
  client: OperatorClient,
  entries: AsyncIterable<ReadEntry>,
  onProgress: (entries: number) => void,
): Promise<number> {
  let booked = 0;
  for await (const page of inPages(entries)) {
    const body = { entries: page.map(({ entry }) => entry) };
    const { answers } = Answers.parse(await client.call('POST', '/operator/ledger/journal', body));
    for (const [index, answer] of answers.entries()) {
      if (answer.outcome !== 'posted') throw failureOf(answer, page[index], booked);
      booked += 1;
    }
    onProgress(booked);
  }
  return booked;
}

async function* inPages(entries: AsyncIterable<ReadEntry>): AsyncGenerator<readonly ReadEntry[]> {
  let page: ReadEntry[] = [];
  for await (const entry of entries) {
    page.push(entry);
    if (page.length < JOURNAL_ENTRIES_MAX) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

function failureOf(
  answer: Exclude<BulkAnswer, { outcome: 'posted' }>,
  read: ReadEntry | undefined,
  booked: number,
): CommandFailed {
  const where = `line ${String(read?.line ?? 0)}: entry "${read?.entry.id ?? ''}"`;
  const facts =
    answer.outcome === 'error'
      ? Object.entries(answer.facts)
      : [
          ['account', answer.account ?? ''],
          ['shortfall_minor', answer.shortfallMinor ?? ''],
          ['first_open_at', answer.firstOpenAt ?? ''],
        ];
  const told = facts.flatMap(([name = '', value = '']) => (value === '' ? [] : `${name} ${value}`));
  const why =
    answer.code === 'COMMAND_CONFLICT'
      ? 'is booked already with other content, or was exported from these very books'
      : `is not booked: ${answer.code} ${told.join(', ')}`;
  return new CommandFailed(
    `${where} ${why}. ${String(booked)} entries before it are booked, and there may be some after it: importing again skips them. ` +
      'A refusal is kept for ever under its id: what you mend needs another id',
  );
}

/** @throws CommandFailed in the place of a line's problem or of a file that cannot be read. */
async function inWords<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    if (error instanceof LineProblem) throw new CommandFailed(error.message);
    const code = errorCode(error);
    if (code === undefined) throw error;
    throw new CommandFailed(`cannot read the file: ${code}`);
  });
}
