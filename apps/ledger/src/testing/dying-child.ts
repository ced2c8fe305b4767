// One seed's commands against a real database, by a process that is killed between two statements.
import { writeSync } from 'node:fs';
import { z } from 'zod';
import { LedgerUnavailable } from '@stuiver/contracts';
import { NoCrashPoints, SilentLog, SystemClock } from '@stuiver/ports';
import { openDatabase } from '@stuiver/postgres';
import { PostgresLedgerStore } from '../adapters/postgres/postgres-ledger-store.js';
import { acceptGiven } from '../simulator/commands/index.js';
import { planWorld } from '../simulator/plan.js';
import { PostBatch } from '../use-cases/post-batch.js';
import { meetStatements } from './statements.js';

/** What the test tells the process, as its only argument. */
const DyingPlan = z.strictObject({
  /** As the role of `ledger`. */
  url: z.string(),
  seed: z.number(),
  commands: z.number(),
  /** The statement at which it dies, counted from 1; 0: it lives. */
  dieAt: z.number(),
  /** Whether the server has the statement by then. */
  isSent: z.boolean(),
});
export type DyingPlan = z.infer<typeof DyingPlan>;

const { url, seed, commands, dieAt, isSent } = DyingPlan.parse(JSON.parse(process.argv[2] ?? ''));
const database = await openDatabase({ url, applicationName: 'ledger dying', poolMax: 2 });
let statements = 0;
meetStatements(database.pool, ({ send }) => {
  statements += 1;
  if (statements !== dieAt) send();
  else if (isSent) {
    send();
    setImmediate(() => process.kill(process.pid, 'SIGKILL'));
  } else process.kill(process.pid, 'SIGKILL');
});
const postBatch = new PostBatch({
  store: new PostgresLedgerStore(database.pool),
  clock: new SystemClock(),
  ...{ log: new SilentLog(), crash: new NoCrashPoints(), onCommitted: () => undefined },
});
const answers: Promise<void>[] = [];
for (const action of planWorld(seed, commands)) {
  if (action.do === 'settle') await Promise.all(answers);
  if (action.do !== 'submit') continue;
  const accepted = acceptGiven(action.command);
  const tell = (answer: unknown): void => {
    if (answer instanceof LedgerUnavailable) throw answer;
    if (answer instanceof Error) return;
    writeSync(1, `${JSON.stringify({ content: accepted.content, answer })}\n`);
  };
  answers.push(postBatch.run(accepted).then(tell, tell));
}
await Promise.all(answers);
await postBatch.drain();
await database.close();
