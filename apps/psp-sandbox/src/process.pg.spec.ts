import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { emptyTestDatabase, eventually, REPOSITORY_ROOT } from '@stuiver/testing';
import { BankDesk } from './testing/bank-desk.js';
import { Listener } from './testing/sandbox-world.js';
import { Wire } from './testing/wire.js';

const BUILD = join(REPOSITORY_ROOT, 'tools/build.mjs');
const MAIN = join(REPOSITORY_ROOT, 'apps/psp-sandbox/dist/main.js');
const BUILD_MS_MAX = 60_000;
const PROCESS_MS_MAX = 30_000;

let database: { url: string; close(): Promise<void> };
let listener: Listener;
let port: number;
let children: ChildProcess[] = [];
beforeAll(async () => {
  await promisify(execFile)(process.execPath, [BUILD]);
  [database, listener, port] = await Promise.all([
    emptyTestDatabase(),
    Listener.open(),
    freePort(),
  ]);
}, BUILD_MS_MAX);
afterAll(async () => {
  for (const child of children) await killed(child);
  await listener.close();
  await database.close();
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port: free } = probe.address() as AddressInfo;
  probe.close();
  return free;
}

function environment(): Record<string, string> {
  return {
    SANDBOX_PORT: String(port),
    SANDBOX_DATABASE_URL: database.url,
    SANDBOX_WEBHOOKS: JSON.stringify([{ url: listener.url, secret: 'whsec_of_the_test' }]),
  };
}

const wire = new Wire({
  get url() {
    return `http://127.0.0.1:${port}`;
  },
});

/** As `npm start` does it: a child with a channel to its parent. */
async function started(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [MAIN], {
    env: environment(),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  children.push(child);
  await eventually('the sandbox answers', () =>
    wire.get('/v1/balance').then(
      ({ status }) => status === 200,
      () => false,
    ),
  );
  return child;
}

async function killed(child: ChildProcess): Promise<void> {
  children = children.filter((one) => one !== child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

const INTENTS = '/v1/payment_intents';
const PAID = 'amount=1250&currency=eur&confirm=true&payment_method=pm_card_visa';

describe('the sandbox process', () => {
  it(
    'forgets nothing when it is killed: payments, keys, and what it still has to tell',
    async () => {
      listener.status = 503;
      const first = await started();
      const before = await wire.post(INTENTS, PAID, { key: 'before-the-kill' });
      await killed(first);
      const id = String(before.body['id']);
      const seen = listener.about(id, 'payment_intent.succeeded').length;
      listener.status = 200;
      const second = await started();
      const replay = await wire.post(INTENTS, PAID, { key: 'before-the-kill' });
      expect(replay.headers.get('idempotent-replayed')).toBe('true');
      expect(replay.text).toBe(before.text);
      expect((await wire.get(`${INTENTS}/${id}`)).body['status']).toBe('succeeded');
      await eventually(
        'the endpoint is told',
        () => listener.about(id, 'payment_intent.succeeded').length > seen,
      );
      await killed(second);
    },
    PROCESS_MS_MAX,
  );

  it(
    'killed while it ends days, goes on with the next one, and no statement is missing or twice',
    async () => {
      const first = await started();
      const bank = new BankDesk({ url: `http://127.0.0.1:${port}` });
      await bank.pay(await bank.file('killed-1', { 'po-killed': 1_250n }));
      const cut = bank.move({ advance_days: 90 }).catch(() => undefined);
      await eventually('some days have ended', async () => (await bank.list()).length > 5);
      await killed(first);
      await cut;
      const second = await started();
      const end = await bank.today();
      const last = (await bank.move({ advance_days: 4 })).status;
      expect(last).toBe(200);
      const statements = await bank.statements();
      expect(statements.map(({ sequence }) => sequence)).toEqual(
        statements.map((_, index) => BigInt(index + 1)),
      );
      expect((statements.at(-1)?.toDay ?? '') >= end).toBe(true);
      const paid = statements.flatMap(({ entries }) => entries);
      expect(paid.map(({ amount }) => amount.minor)).toEqual([-1_250n]);
      await killed(second);
    },
    PROCESS_MS_MAX,
  );

  it(
    'ends by itself when its parent is gone, and on SIGTERM',
    async () => {
      const orphan = await started();
      orphan.disconnect();
      await once(orphan, 'exit');
      expect(orphan.exitCode).toBe(0);
      const told = await started();
      told.kill('SIGTERM');
      await once(told, 'exit');
      expect(told.exitCode).toBe(0);
    },
    PROCESS_MS_MAX,
  );

  it(
    'names the variable that is wrong and ends',
    async () => {
      const env = { ...environment(), SANDBOX_PORT: 'eighty' };
      const answer: unknown = await promisify(execFile)(process.execPath, [MAIN], { env }).catch(
        (error: unknown) => error,
      );
      expect(answer).toMatchObject({ code: 1 });
      expect((answer as { stderr: string }).stderr).toBe(
        'psp-sandbox: SANDBOX_PORT: Invalid input: expected number, received NaN\n',
      );
    },
    PROCESS_MS_MAX,
  );
});
