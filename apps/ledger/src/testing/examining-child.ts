// Looks through the books of a database when they are quiet: derives them again, and has the naive model book them again.
import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { openDatabase } from '@stuiver/postgres';
import { PostgresAudit } from '../adapters/postgres/postgres-audit.js';
import { replayBooks } from '../simulator/kill-replay.js';
import { VerifyLedger } from '../use-cases/verify-ledger.js';

const Examination = z.strictObject({
  /** As the role of `ledger`. */
  url: z.string(),
  /** The file to write what was found to. */
  into: z.string(),
});

const { url, into } = Examination.parse(JSON.parse(process.argv[2] ?? ''));
const database = await openDatabase({ url, applicationName: 'ledger examining', poolMax: 2 });
const { finding } = await new VerifyLedger(new PostgresAudit(database.pool)).run();
const replayed = await replayBooks(database.pool);
await writeFile(into, JSON.stringify({ finding: finding ?? null, ...replayed }));
await database.close();
