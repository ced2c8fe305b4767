import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { PostgresBus } from '@stuiver/bus';
import { BULK_COMMANDS_MAX, type BulkAnswer, type LedgerCommand } from '@stuiver/contracts';
import { createHttpApp } from '@stuiver/http';
import { HttpLedger } from '@stuiver/ledger-client';
import { NoCrashPoints, SilentLog, SystemClock, SystemRandom } from '@stuiver/ports';
import { testDatabase, type TestDatabase } from '@stuiver/testing';
import { createLedger } from '../../create-ledger.js';
import { LedgerModule } from '../../ledger.module.js';

const CREDENTIALS = { order: 'o'.repeat(40), payout: 'p'.repeat(40) } as const;
const ORDER = `order:${CREDENTIALS.order}`;
const AT = '2026-11-23T10:00:00.000Z';

const topUp = (userId: string, amountMinor = '1000'): LedgerCommand => {
  const id = randomUUID();
  return {
    ...{ kind: 'top-up', id, effectiveAt: AT, topUpId: id, userId, psp: 'stripe' },
    ...{ amountMinor, currency: 'EUR' },
  };
};
const pay = (userId: string, amountMinor = '1000'): LedgerCommand => ({
  ...{ kind: 'payment', id: randomUUID(), effectiveAt: AT, attemptId: 'att', orderId: 'ord' },
  ...{ merchantId: '1900000001', funds: { kind: 'wallet', userId }, feeMinor: '0' },
  ...{ amountMinor, currency: 'EUR' },
});
const close = (): LedgerCommand => {
  const id = randomUUID();
  return {
    ...{ kind: 'settlement-close', id, effectiveAt: AT, settlementId: id },
    ...{ merchantId: '1900000001', currency: 'EUR' },
  };
};

describe('many commands in one request', () => {
  let db: TestDatabase;
  const apps: NestFastifyApplication[] = [];
  const urls: string[] = [];
  const others: Server[] = [];

  beforeAll(async () => {
    db = await testDatabase();
    for (const queueCommandsMax of [20_000, 2]) {
      const app = await replica(db, queueCommandsMax);
      apps.push(app);
      urls.push(await app.getUrl());
    }
  });
  afterAll(async () => {
    for (const server of others) server.closeAllConnections();
    await Promise.all(others.map((server) => new Promise((resolve) => server.close(resolve))));
    await Promise.all(apps.map((app) => app.close()));
    await db.close();
  });

  const client = (targets: readonly string[], credential = ORDER): HttpLedger =>
    new HttpLedger({ urls: targets, credential, timeoutMs: 3_000, log: new SilentLog() });
  const post = (body: unknown): Promise<Response> =>
    fetch(`${urls[0] ?? ''}/internal/ledger/commands/bulk`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ORDER}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  it('are decided in their order, each seeing what the earlier ones did', async () => {
    const user = `usr_${randomUUID()}`;
    const answers = await client(urls).submitAll([
      ...[pay(user), topUp(user), pay(user, '600'), pay(user, '600'), pay(user, '400')],
    ]);
    expect(answers.map(outcomeOf)).toEqual(['FLOOR', 'posted', 'posted', 'FLOOR', 'posted']);
  });

  it('have a result, a refusal, a conflict or an error, each at its own place', async () => {
    const user = `usr_${randomUUID()}`;
    const first = topUp(user);
    await client(urls).submit(first);
    const good = topUp(user);
    const given = [
      first,
      { ...first, amountMinor: '1' },
      { ...topUp(user), amountMinor: '1.5' },
      close(),
      good,
      good,
      pay('usr_nobody'),
      null,
    ];
    const answer = await post({ commands: given });
    const { answers } = (await answer.json()) as { answers: BulkAnswer[] };
    expect(answers.map(outcomeOf)).toEqual([
      ...['posted', 'COMMAND_CONFLICT', 'PARAM_ERROR', 'NO_AUTH', 'posted', 'posted', 'FLOOR'],
      'PARAM_ERROR',
    ]);
    expect(answers[2]).toMatchObject({ facts: { field: 'amountMinor' } });
    expect(answers[5]).toEqual(answers[4]);
    const wallet = await client(urls).account(`user:${user}:wallet`);
    expect(wallet).toMatchObject({ balanceMinor: '2000', version: '2' });
  });

  it('may be as many as a batch takes, and come again without being booked again', async () => {
    const user = `usr_${randomUUID()}`;
    const commands = Array.from({ length: BULK_COMMANDS_MAX }, () => topUp(user, '1'));
    const answers = await client(urls).submitAll(commands);
    expect(await client(urls).submitAll(commands)).toEqual(answers);
    const versions = answers.map((answer) =>
      answer.outcome === 'posted' ? answer.transfers[0]?.creditVersion : answer,
    );
    expect(versions).toEqual(commands.map((_, index) => String(index + 1)));
  });

  it.each([
    ['more than a batch takes', { commands: Array.from({ length: 513 }, () => topUp('usr_x')) }],
    ['no list', { commands: {} }],
    ['a strange field', { commands: [], order: 'any' }],
  ])('are refused whole, with field and rule, when there is %s', async (_what, body) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toMatch(/"PARAM_ERROR".*(at most 512|list of|not a known)/s);
  });

  it('are refused to a caller of the port as a refusal', async () => {
    const commands = Array.from({ length: 513 }, () => topUp('usr_x'));
    await expect(client(urls).submitAll(commands)).rejects.toMatchObject({ code: 'PARAM_ERROR' });
  });

  it('are sent again where the answer was lost, and only those without one', async () => {
    const user = `usr_${randomUUID()}`;
    const bodies: number[] = [];
    const losing = createServer((asked, answer) => {
      const onward = request(new URL(asked.url ?? '', urls[0]), {
        method: 'POST',
        headers: asked.headers,
      });
      onward.once('response', (booked) => {
        booked.resume();
        booked.once('end', () => answer.destroy());
      });
      bodies.push(1);
      asked.pipe(onward);
    });
    others.push(losing);
    losing.listen(0, '127.0.0.1');
    await once(losing, 'listening');
    const broken = `http://127.0.0.1:${String((losing.address() as AddressInfo).port)}`;
    const answers = await client([broken, urls[0] ?? '']).submitAll([topUp(user), topUp(user)]);
    expect([bodies.length, ...answers.map(outcomeOf)]).toEqual([1, 'posted', 'posted']);
    const wallet = await client(urls).account(`user:${user}:wallet`);
    expect(wallet).toMatchObject({ balanceMinor: '2000', version: '2' });
  });

  it('get their answers bit by bit from a ledger whose queue is short', async () => {
    const commands = Array.from({ length: 6 }, () => topUp(`usr_${randomUUID()}`));
    const answers = await client([urls[1] ?? '']).submitAll(commands);
    expect(answers.map(outcomeOf)).toEqual(commands.map(() => 'posted'));
  });

  it('have an answer at every place even when no ledger is there', async () => {
    const answers = await client(['http://127.0.0.1:1']).submitAll([topUp('usr_x')]);
    expect(answers.map(outcomeOf)).toEqual(['SERVICE_UNAVAILABLE']);
  });
});

function outcomeOf(answer: BulkAnswer): string {
  return 'code' in answer ? answer.code : answer.outcome;
}

async function replica(
  db: TestDatabase,
  queueCommandsMax: number,
): Promise<NestFastifyApplication> {
  const log = new SilentLog();
  const ledger = createLedger({
    database: await db.open('ledger'),
    bus: new PostgresBus({ pool: (await db.open('bus')).pool, log }),
    ...{ clock: new SystemClock(), log, crash: new NoCrashPoints(), queueCommandsMax },
  });
  const module = LedgerModule.with({ ledger, operatorToken: 'x', credentials: CREDENTIALS });
  const app = await createHttpApp(module, { log, random: new SystemRandom() });
  await app.listen(0, '127.0.0.1');
  return app;
}
