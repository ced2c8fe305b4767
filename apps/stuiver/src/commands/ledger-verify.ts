import { parseArgs } from 'node:util';
import { auditOf, type Verified } from '@stuiver/ledger';
import { openDatabase, roleUrl } from '@stuiver/postgres';
import { adminUrl } from './admin-url.js';
import type { Command } from './command.js';

const OPTIONS = { json: { type: 'boolean' } } as const;
const PROGRESS_MS = 2_000;

/** `stuiver ledger verify`: derives the books again from the database alone; fails naming the first bad row. */
export const ledgerVerifyCommand: Command = {
  words: ['ledger', 'verify'],
  usage: '[--json]  derive the books again and name the first row that is not as it must be',
  run: async (args) => {
    const { values } = parseArgs({ args: [...args], options: OPTIONS });
    const url = roleUrl(await adminUrl(), 'ledger');
    const database = await openDatabase({ url, applicationName: 'stuiver verify', poolMax: 1 });
    try {
      const started = performance.now();
      const verified = await auditOf(database).run({ onProgress: progress() });
      const seconds = (performance.now() - started) / 1000;
      process.stdout.write(
        values.json === true ? json(verified, seconds) : line(verified, seconds),
      );
      return verified.finding === undefined ? 0 : 1;
    } finally {
      await database.close();
    }
  },
};

/** A line on standard error every few seconds, so that long work is seen to go on. */
function progress(): (done: { transfers: number; batch: bigint }) => void {
  let next = performance.now() + PROGRESS_MS;
  return ({ transfers, batch }) => {
    if (performance.now() < next) return;
    next = performance.now() + PROGRESS_MS;
    process.stderr.write(`batch ${String(batch)}, ${String(transfers)} transfers\n`);
  };
}

function line(verified: Verified, seconds: number): string {
  const { finding, transfers, batches, from, to, hash, sealedFrom } = verified;
  if (finding !== undefined) {
    const { table, key, column, expected, found } = finding;
    return `BAD  ledger.${table} ${key}, ${column}: expected ${expected}, found ${found}\n`;
  }
  const rate = Math.round(transfers / Math.max(seconds, 0.001));
  const counts = `${String(transfers)} transfers in ${String(batches)} batches (${String(from + 1n)}–${String(to)})`;
  const bare =
    sealedFrom > from + 1n
      ? `; batches before ${String(sealedFrom)} have no seal and were checked by arithmetic alone`
      : '';
  return `good  ${counts}, ${String(rate)}/s, chain at ${hash ?? 'its beginning'}${bare}\n`;
}

function json(verified: Verified, seconds: number): string {
  const { from, to, sealedFrom } = verified;
  const numbers = { from: String(from), to: String(to), sealedFrom: String(sealedFrom) };
  const { finding = null } = verified;
  return `${JSON.stringify({ good: finding === null, ...verified, finding, ...numbers, seconds })}\n`;
}
