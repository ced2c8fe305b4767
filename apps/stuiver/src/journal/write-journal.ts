import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import type { BookedTransfer } from '@stuiver/contracts';
import { JOURNAL_COLUMNS, type JournalLine, lineOf } from './journal-line.js';

export type JournalFormat = 'csv' | 'jsonl';

const TEXT: Readonly<Record<JournalFormat, (lines: readonly JournalLine[]) => string>> = {
  csv: (lines) => stringify([...lines], { columns: [...JOURNAL_COLUMNS] }),
  jsonl: (lines) => lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
};

/**
 * Writes pages of transfers as they come and holds no more than one of them.
 *
 * @returns how many transfers there were.
 */
export async function writeJournal(
  pages: AsyncIterable<readonly BookedTransfer[]>,
  out: Writable,
  options: { readonly format: JournalFormat; readonly onProgress: (transfers: number) => void },
): Promise<number> {
  const { format, onProgress } = options;
  let transfers = 0;
  if (format === 'csv') await write(out, stringify([[...JOURNAL_COLUMNS]]));
  for await (const page of pages) {
    if (page.length > 0) await write(out, TEXT[format](page.map(lineOf)));
    transfers += page.length;
    onProgress(transfers);
  }
  return transfers;
}

async function write(out: Writable, text: string): Promise<void> {
  if (!out.write(text)) await once(out, 'drain');
}
