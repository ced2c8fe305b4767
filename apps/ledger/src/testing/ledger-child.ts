// One of several ledgers of the same books, in a process of its own.
import 'reflect-metadata';
import { z } from 'zod';
import { PostgresBus } from '@stuiver/bus';
import { createHttpApp } from '@stuiver/http';
import { NoCrashPoints, SilentLog, SystemClock, SystemRandom } from '@stuiver/ports';
import { openDatabase } from '@stuiver/postgres';
import { peerSecretOf } from '../adapters/http/peer-ledger.js';
import { createLedger } from '../create-ledger.js';
import { LedgerModule } from '../ledger.module.js';

/** What the test tells the process, as its only argument. */
const ChildPlan = z.strictObject({
  port: z.number(),
  /** As the role of `ledger`. */
  url: z.string(),
  /** As the role of `bus`. */
  busUrl: z.string(),
  credentials: z.strictObject({ order: z.string(), payout: z.string() }),
  /** False: it books and answers, and leaves the telling, the watching and the writer's lock to others. */
  tells: z.boolean(),
});
export type ChildPlan = z.infer<typeof ChildPlan>;

const { port, url, busUrl, credentials, tells } = ChildPlan.parse(
  JSON.parse(process.argv[2] ?? ''),
);
const log = new SilentLog();
const applicationName = `ledger ${String(port)}`;
const bus = await openDatabase({ url: busUrl, applicationName, poolMax: 2 });
const ledger = createLedger({
  database: await openDatabase({ url, applicationName, poolMax: 6 }),
  bus: new PostgresBus({ pool: bus.pool, log }),
  ...{ clock: new SystemClock(), log, crash: new NoCrashPoints() },
  among: { address: `http://127.0.0.1:${String(port)}`, secret: peerSecretOf(credentials) },
});
const served = tells ? ledger : { ...ledger, start: () => undefined };
const module = LedgerModule.with({ ledger: served, operatorToken: 'x', credentials });
const app = await createHttpApp(module, { log, random: new SystemRandom() });
await app.listen(port, '127.0.0.1');
