import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { PostgresBus } from '@stuiver/bus';
import { type LedgerCommand, type LedgerCommandOf, LedgerUnavailable } from '@stuiver/contracts';
import { createHttpApp } from '@stuiver/http';
import { HttpLedger } from '@stuiver/ledger-client';
import { NoCrashPoints, SilentLog, SystemClock, SystemRandom } from '@stuiver/ports';
import { testDatabase, type TestDatabase } from '@stuiver/testing';
import { createLedger } from '../../create-ledger.js';
import { LedgerModule } from '../../ledger.module.js';

const CREDENTIALS = { order: 'o'.repeat(40), payout: 'p'.repeat(40) } as const;
const ORDER = `order:${CREDENTIALS.order}`;
const PAYOUT = `payout:${CREDENTIALS.payout}`;
const MERCHANT = { merchantId: '1900000001', currency: 'EUR' } as const;
const AT = '2026-11-23T10:00:00.000Z';

const topUp = (id: string = randomUUID(), userId = 'usr_a'): LedgerCommand => ({
  ...{ kind: 'top-up', id, effectiveAt: AT, topUpId: id, userId, psp: 'stripe' },
  ...{ amountMinor: '1000', currency: 'EUR' },
});
const close = (id: string = randomUUID()): LedgerCommand => ({
  ...{ kind: 'settlement-close', id, effectiveAt: AT, settlementId: id, ...MERCHANT },
});

describe('the ledger over HTTP', () => {
  let db: TestDatabase;
  const apps: NestFastifyApplication[] = [];
  const urls: string[] = [];
  const others: Server[] = [];

  beforeAll(async () => {
    db = await testDatabase();
    for (const queueCommandsMax of [undefined, undefined, 0]) {
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

  const client = (targets: readonly string[], credential = ORDER, timeoutMs = 3_000): HttpLedger =>
    new HttpLedger({ urls: targets, credential, timeoutMs, log: new SilentLog() });
  const serve = async (server: Server): Promise<string> => {
    others.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  };

  it('books a command once, whichever replica hears it', async () => {
    const command = topUp();
    const first = await client([urls[0] ?? '']).submit(command);
    const second = await client([urls[1] ?? '']).submit(command);
    expect(first.outcome).toBe('posted');
    expect(second).toEqual(first);
    const other = { ...command, amountMinor: '1' } as LedgerCommand;
    await expect(client(urls).submit(other)).rejects.toMatchObject({ code: 'COMMAND_CONFLICT' });
  });

  it('shows accounts, statements and the trial balance as the port does', async () => {
    const userId = `usr_${randomUUID()}`;
    await client(urls).submit(topUp(undefined, userId));
    const ledger = client([urls[1] ?? '']);
    const wallet = `user:${userId}:wallet`;
    expect(await ledger.account(wallet)).toMatchObject({ balanceMinor: '1000', version: '1' });
    expect(await ledger.account('user:nobody:wallet')).toBeNull();
    const page = { afterVersion: '0', limit: 10 };
    expect(await ledger.statement(wallet, page)).toHaveLength(1);
    expect(await client(urls, PAYOUT).trialBalance()).toMatchObject({ differenceMinor: '0' });
  });

  it('says what commands led to, to who may give them', async () => {
    const command = topUp(undefined, `usr_${randomUUID()}`);
    await client(urls).submit(command);
    const booked = {
      commandId: command.id,
      kind: 'top-up',
      outcome: 'posted',
      amountMinor: '1000',
    };
    const ledger = client(urls);
    expect(await ledger.bookings([command.id, randomUUID()])).toMatchObject([booked]);
    const { bookings, next } = await ledger.bookingsOf(['top-up', 'payment'], '0');
    expect(bookings).toContainEqual(expect.objectContaining(booked));
    expect(next).toBeNull();
    expect(await ledger.bookingsOf(['payment'], '0')).toEqual({ bookings: [], next: null });
    const payout = client(urls, PAYOUT);
    await expect(payout.bookings([command.id])).rejects.toMatchObject({ code: 'NO_AUTH' });
    await expect(payout.bookingsOf(['top-up'], '0')).rejects.toMatchObject({ code: 'NO_AUTH' });
  });

  it('shows the general ledger, and closes its months, for who does', async () => {
    await client(urls).submit(topUp(undefined, `usr_${randomUUID()}`));
    const payout = client(urls, PAYOUT);
    const { kinds } = await payout.booksAt(null);
    expect(kinds.map(({ account }) => account)).toEqual(['psp:stripe:balance', 'user:*:wallet']);
    const past = new Date('2020-01-01T00:00:00Z');
    expect(await payout.booksAt(past)).toEqual({
      at: past.toISOString(),
      currency: 'EUR',
      kinds: [],
    });
    expect((await payout.span()).firstDay).toBe(AT.slice(0, 10));
    const day = { from: AT.slice(0, 10), to: AT.slice(0, 10) };
    const { transfers } = await payout.journal({ after: '0', ...day });
    expect(transfers[0]).toMatchObject({ commandKind: 'top-up', amountMinor: '1000' });
    await expect(payout.closePeriod('2999-12')).rejects.toMatchObject({ code: 'PARAM_ERROR' });
    const closed = await payout.closePeriod('2020-01');
    expect(await payout.closePeriod('2020-01')).toEqual(closed);
    const order = client(urls);
    for (const ask of [order.booksAt(null), order.span(), order.closePeriod('2020-02')]) {
      await expect(ask).rejects.toMatchObject({ code: 'NO_AUTH' });
    }
  });

  it('voids an id so that its command never posts', async () => {
    const command = topUp();
    expect(await client(urls).void(command.id)).toMatchObject({ code: 'VOIDED' });
    expect(await client(urls).submit(command)).toMatchObject({ outcome: 'refused' });
  });

  it('goes to the next replica when one stands still, is dead or drops the answer', async () => {
    const silent = await serve(createServer(() => undefined));
    const dead = 'http://127.0.0.1:1';
    const dropping = await serve(
      createServer((asked, answer) => {
        const onward = request(new URL(asked.url ?? '', urls[0]), {
          method: asked.method ?? 'POST',
          headers: asked.headers,
        });
        onward.once('response', (booked) => {
          booked.resume();
          booked.once('end', () => answer.destroy());
        });
        asked.pipe(onward);
      }),
    );
    for (const broken of [silent, dead, dropping]) {
      const userId = `usr_${randomUUID()}`;
      const ledger = client([broken, urls[1] ?? ''], ORDER, 300);
      expect(await ledger.submit(topUp(undefined, userId))).toMatchObject({ outcome: 'posted' });
      const wallet = await client(urls).account(`user:${userId}:wallet`);
      expect(wallet).toMatchObject({ balanceMinor: '1000', version: '1' });
    }
  });

  it('says that it does not know when no replica answers', async () => {
    const silent = await serve(createServer(() => undefined));
    const lost = client([silent], ORDER, 100).submit(topUp());
    await expect(lost).rejects.toBeInstanceOf(LedgerUnavailable);
  });

  it('turns a command away with 503 and Retry-After when its queue is full', async () => {
    const answer = await fetch(`${urls[2] ?? ''}/internal/ledger/commands`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ORDER}`, 'content-type': 'application/json' },
      body: JSON.stringify(topUp()),
    });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await answer.json()).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it('lets each caller submit, void and see only what is its business', async () => {
    await expect(client(urls, ORDER).submit(close())).rejects.toMatchObject({ code: 'NO_AUTH' });
    await expect(client(urls, PAYOUT).submit(topUp())).rejects.toMatchObject({ code: 'NO_AUTH' });
    const void_ = client(urls, PAYOUT).void(randomUUID());
    await expect(void_).rejects.toMatchObject({ code: 'NO_AUTH' });
    const foreign = [
      client(urls, ORDER).account('bank:main'),
      client(urls, PAYOUT).account('user:usr_a:wallet'),
      client(urls, ORDER).trialBalance(),
    ];
    for (const asked of foreign) await expect(asked).rejects.toMatchObject({ code: 'NO_AUTH' });
    expect(await client(urls, PAYOUT).submit(close())).toMatchObject({ outcome: 'refused' });
  });

  it('lets each caller hold and chain over accounts that are its business', async () => {
    const place = (account: string): LedgerCommandOf<'hold-place'> => ({
      ...{ kind: 'hold-place', id: randomUUID(), effectiveAt: '2026-11-23T10:00:00Z' },
      ...{ account, amountMinor: '1', currency: 'EUR', expiresAt: null },
    });
    const chain = (debit: string, credit: string): LedgerCommandOf<'transfer-chain'> => ({
      ...{ kind: 'transfer-chain', id: randomUUID(), effectiveAt: '2026-11-23T10:00:00Z' },
      currency: 'EUR',
      steps: [
        { do: 'transfer', purpose: 'gift', debit, credit, take: 'exactly', amountMinor: '1' },
      ],
    });
    const [poor, shop] = ['user:usr_poor:wallet', 'merchant:1900000001:pending'];
    const asked = [place(poor), chain(poor, shop)].map((ask) => client(urls, ORDER).submit(ask));
    expect(await Promise.all(asked)).toMatchObject([{ code: 'FLOOR' }, { code: 'FLOOR' }]);
    const foreign = [
      place('bank:main'),
      chain('equity:operator', poor),
      chain(poor, 'fees:income'),
    ];
    for (const ask of foreign) {
      await expect(client(urls, ORDER).submit(ask)).rejects.toMatchObject({ code: 'NO_AUTH' });
    }
    await expect(client(urls, PAYOUT).submit(place(shop))).rejects.toMatchObject({
      code: 'NO_AUTH',
    });
  });

  it.each([
    ['nobody', undefined],
    ['a stranger', 'Bearer order:x'],
    ['one caller with the other’s secret', `Bearer order:${CREDENTIALS.payout}`],
    ['a caller who does not exist', `Bearer admin:${CREDENTIALS.order}`],
  ])('knows %s not', async (_who, authorization) => {
    const answer = await fetch(`${urls[0] ?? ''}/internal/ledger/trial-balance`, {
      headers: authorization === undefined ? {} : { authorization },
    });
    expect(answer.status).toBe(401);
  });

  it('names field and rule of what is no command', async () => {
    const answer = await fetch(`${urls[0] ?? ''}/internal/ledger/commands`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ORDER}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...topUp(), amountMinor: '1.5' }),
    });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toMatch(/"PARAM_ERROR".*amountMinor/s);
  });
});

async function replica(
  db: TestDatabase,
  queueCommandsMax: number | undefined,
): Promise<NestFastifyApplication> {
  const log = new SilentLog();
  const ledger = createLedger({
    database: await db.open('ledger'),
    bus: new PostgresBus({ pool: (await db.open('bus')).pool, log }),
    clock: new SystemClock(),
    log,
    crash: new NoCrashPoints(),
    ...(queueCommandsMax === undefined ? {} : { queueCommandsMax }),
  });
  const module = LedgerModule.with({ ledger, operatorToken: 'x', credentials: CREDENTIALS });
  const app = await createHttpApp(module, { log, random: new SystemRandom() });
  await app.listen(0, '127.0.0.1');
  return app;
}
