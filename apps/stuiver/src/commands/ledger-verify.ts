import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openFileKeyStore } from '@stuiver/key-store-file';
import { auditOf, type Verified } from '@stuiver/ledger';
import { SystemClock, SystemRandom } from '@stuiver/ports';
import { openDatabase, roleUrl } from '@stuiver/postgres';
import { readConfig } from '../config.js';
import { adminUrl } from './admin-url.js';
import type { Command } from './command.js';

const OPTIONS = {
  json: { type: 'boolean' },
  'from-genesis': { type: 'boolean' },
  'from-checkpoint': { type: 'boolean' },
  key: { type: 'string' },
} as const;
const PROGRESS_MS = 2_000;

/** `stuiver ledger verify`: derives the books again from the database alone; fails naming the first bad row. */
export const ledgerVerifyCommand: Command = {
  words: ['ledger', 'verify'],
  usage:
    '[--from-genesis|--from-checkpoint] [--key file] [--json]  derive the books again and name the first row that is not as it must be',
  run: async (args) => {
    const { values } = parseArgs({ args: [...args], options: OPTIONS });
    const url = roleUrl(await adminUrl(), 'ledger');
    const database = await openDatabase({ url, applicationName: 'stuiver verify', poolMax: 1 });
    try {
      const started = performance.now();
      const publicKeyPem = await publicKey(values.key);
      const from = values['from-checkpoint'] === true ? 'checkpoint' : 'genesis';
      const verified = await auditOf(database).run({
        ...{ from, onProgress: progress() },
        ...(publicKeyPem === undefined ? {} : { publicKeyPem }),
      });
      if (publicKeyPem === undefined) process.stderr.write(`${NO_KEY}\n`);
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

const NO_KEY = 'no key: signatures of checkpoints were not checked (--key names a PEM file)';

/** The key that is named, or the one of the data folder. */
async function publicKey(file: string | undefined): Promise<string | undefined> {
  if (file !== undefined) return readFile(file, 'utf8');
  const dir = join(readConfig(process.env).dataDir, 'keys');
  // Where there are no keys, none are made.
  if (!(await isThere(join(dir, 'checkpoint-key.sealed')))) return undefined;
  const parts = { clock: new SystemClock(), random: new SystemRandom() };
  return (await (await openFileKeyStore({ dir, ...parts })).checkpointKey()).publicKeyPem;
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

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
