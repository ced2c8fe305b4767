// One of several ledgers of the same books, with callers of its own that tell seeded stories, and with faults that it
// meets between two statements. It hears what to do on its standard input and tells on its standard output.
import 'reflect-metadata';
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { PostgresBus } from '@stuiver/bus';
import { LedgerUnavailable, type LedgerResult } from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';
import { createHttpApp } from '@stuiver/http';
import { NoCrashPoints, SilentLog, SystemRandom } from '@stuiver/ports';
import { openDatabase } from '@stuiver/postgres';
import { peerSecretOf } from '../adapters/http/peer-ledger.js';
import { createLedger } from '../create-ledger.js';
import { LedgerModule } from '../ledger.module.js';
import { acceptGiven, type GivenCommand } from '../simulator/commands/index.js';
import { planWorld, STARTS_AT } from '../simulator/plan.js';
import { kill, killServer } from './server-processes.js';
import { meetStatements, type Statement } from './statements.js';

const SeededPlan = z.strictObject({
  port: z.number(),
  /** As the role of `ledger`. */
  url: z.string(),
  /** As the role of `bus`. */
  busUrl: z.string(),
  credentials: z.strictObject({ order: z.string(), payout: z.string() }),
  /** Of the database server. */
  pidFile: z.string(),
});
const World = z.strictObject({ seed: z.number(), commands: z.number() });
const Fault = z.strictObject({
  kind: z.enum(['kill-service', 'kill-server', 'kill-backend', 'stop']),
  /** Statements from now on, the first being 1; once nobody waits for an answer, the next one. */
  at: z.number(),
  /** Whether the server has the statement by then. */
  isSent: z.boolean(),
});
type Fault = z.infer<typeof Fault>;
const Order = z.strictObject({
  /** Told at once, as if by as many callers; `startsAt` on the clock, in ms. */
  worlds: z.array(World),
  startsAt: z.number(),
  fault: Fault.nullable(),
});

const { port, url, busUrl, credentials, pidFile } = SeededPlan.parse(
  JSON.parse(process.argv[2] ?? ''),
);
const log = new SilentLog();
const applicationName = `ledger ${String(port)}`;
const bus = await openDatabase({ url: busUrl, applicationName, poolMax: 2 });
const database = await openDatabase({ url, applicationName, poolMax: 6 });
let nowMs = STARTS_AT;
const ledger = createLedger({
  database,
  bus: new PostgresBus({ pool: bus.pool, log }),
  ...{ clock: { now: () => new Date(nowMs) }, log, crash: new NoCrashPoints() },
  among: { address: `http://127.0.0.1:${String(port)}`, secret: peerSecretOf(credentials) },
});
let fault: Fault | undefined;
let statements = 0;
let isIdle = true;
meetStatements(database.pool, (statement) => {
  statements += 1;
  if (fault === undefined || (statements < fault.at && !isIdle)) statement.send();
  else meetFault(fault, statement);
});
const module = LedgerModule.with({ ledger, operatorToken: 'x', credentials });
const app = await createHttpApp(module, { log, random: new SystemRandom() });
await app.listen(port, '127.0.0.1');
tell({ say: 'listening' });
for await (const line of createInterface({ input: process.stdin })) {
  void obey(Order.parse(JSON.parse(line)));
}
// Whoever started it is gone.
process.exit();

function tell(what: object): void {
  writeSync(1, `${JSON.stringify(what)}\n`);
}

async function obey(order: z.infer<typeof Order>): Promise<void> {
  nowMs = Math.max(nowMs, order.startsAt);
  statements = 0;
  isIdle = false;
  fault = order.fault ?? undefined;
  await Promise.all(order.worlds.map((world) => tellStory(world, order.startsAt)));
  isIdle = true;
  tell({ say: 'told' });
}

/** Faults of the plan itself are the simulator's; here they are real. */
async function tellStory(world: z.infer<typeof World>, startsAt: number): Promise<void> {
  const answers: Promise<void>[] = [];
  for (const action of planWorld(world.seed, world.commands, startsAt)) {
    if (action.do === 'settle') await Promise.all(answers.splice(0));
    else if (action.do === 'clock') nowMs += action.ms;
    else if (action.do === 'submit') answers.push(submitSurely(action.command));
  }
  await Promise.all(answers);
}

/** Says it again until there is an answer, as callers do. */
async function submitSurely(command: GivenCommand): Promise<void> {
  const { id, content } = acceptGiven(command);
  for (;;) {
    try {
      tell({ say: 'heard', heard: { id, content, answer: await submit(command) } });
      return;
    } catch (error) {
      if (error instanceof Refusal) {
        tell({ say: 'heard', heard: { id, content, code: error.code } });
        return;
      }
      if (!(error instanceof LedgerUnavailable)) throw error;
    }
    await untilDatabaseAnswers();
  }
}

function submit(command: GivenCommand): Promise<LedgerResult> {
  if (command.kind === 'void') return ledger.port.void(command.id);
  if (command.kind === 'period-close') return ledger.closePeriod.run(command.month);
  return ledger.port.submit(command);
}

async function untilDatabaseAnswers(): Promise<void> {
  const pollMs = 50;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, pollMs));
    const isThere = await database.query('select 1').then(
      () => true,
      () => false,
    );
    if (isThere) return;
  }
}

function meetFault({ kind, isSent }: Fault, { send, backend }: Statement): void {
  fault = undefined;
  if (isSent) send();
  const strike = (): void => {
    tell({ say: 'fault', kind });
    if (kind === 'kill-server') killServer(pidFile);
    else if (kind === 'kill-backend') kill(backend);
    else process.kill(process.pid, kind === 'stop' ? 'SIGSTOP' : 'SIGKILL');
    if (!isSent) send();
  };
  // What was sent leaves this process in the next turn.
  if (isSent) setImmediate(strike);
  else strike();
}
