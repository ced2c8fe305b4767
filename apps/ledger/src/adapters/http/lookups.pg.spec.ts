import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { PostgresBus } from '@stuiver/bus';
import {
  AccountRulesSchema,
  BalanceAtSchema,
  BalancesPageSchema,
  BookedCommandSchema,
  BookedTransferSchema,
  DaySummarySchema,
  type LedgerCommand,
  type LedgerCommandOf,
  OpenHoldsPageSchema,
  TrialBalanceAtSchema,
} from '@stuiver/contracts';
import { createHttpApp } from '@stuiver/http';
import { NoCrashPoints, SilentLog, SystemRandom } from '@stuiver/ports';
import { FixedClock, testDatabase, type TestDatabase } from '@stuiver/testing';
import { createLedger } from '../../create-ledger.js';
import { LedgerModule } from '../../ledger.module.js';

const TOKEN = 'operator-secret';
const PENDING = 'merchant:1900000001:pending';
const WALLET = 'user:usr_1:wallet';
const LATE = payment('1900000001', '2026-11-20T10:00:00Z');

describe('what the operator looks up', () => {
  let db: TestDatabase;
  let app: NestFastifyApplication;
  let url: string;

  beforeAll(async () => {
    db = await testDatabase();
    const log = new SilentLog();
    const bus = new PostgresBus({ pool: (await db.open('bus')).pool, log });
    const clock = new FixedClock('2026-11-23T12:00:00.000Z');
    const crash = new NoCrashPoints();
    const ledger = createLedger({ database: await db.open('ledger'), bus, clock, log, crash });
    app = await createHttpApp(LedgerModule.with({ ledger, operatorToken: TOKEN }), {
      log,
      random: new SystemRandom(),
    });
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
    await ledger.port.submit(LATE);
    await ledger.port.submit(payment('1900000002', '2026-11-23T11:00:00Z'));
    const empty = { ...payment('1900000003', '2026-11-23T11:00:00Z'), feeMinor: '1000' };
    await ledger.port.submit(empty);
    for (const command of RULED) await ledger.port.submit(command);
  });
  afterAll(async () => {
    await app.close();
    await db.close();
  });

  const get = async (path: string, token = TOKEN): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${url}/operator/ledger${path}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return { status: response.status, body: await response.json() };
  };

  it('is a balance at a moment, by what had happened unless told otherwise', async () => {
    const at = '2026-11-20T10:00:00.000Z';
    const happened = BalanceAtSchema.parse(
      (await get(`/accounts/${PENDING}/balance?at=${at}`)).body,
    );
    expect(happened).toMatchObject({ clock: 'effective', balanceMinor: '981', at });
    const known = await get(`/accounts/${PENDING}/balance?at=${at}&clock=booking`);
    expect(known.body).toMatchObject({ clock: 'booking', balanceMinor: '0', version: '0' });
  });

  it('is an account by days', async () => {
    const { body } = await get(`/accounts/${PENDING}/days?from=2026-11-20&to=2026-11-23`);
    const { days } = body as { days: readonly unknown[] };
    expect(days.map((day) => DaySummarySchema.parse(day))).toEqual([
      {
        ...{ day: '2026-11-20', debitMinor: '19', creditMinor: '1000' },
        ...{ transfers: '2', closingMinor: '981' },
      },
    ]);
    const booked = await get(`/accounts/${PENDING}/days?clock=booking`);
    expect(booked.body).toMatchObject({ days: [{ day: '2026-11-23', closingMinor: '981' }] });
  });

  it('is what binds an account, and what it holds', async () => {
    const rules = AccountRulesSchema.parse((await get(`/accounts/${WALLET}/rules`)).body);
    const { limit } = RULED[1];
    expect(rules).toEqual({
      ...{ account: WALLET, state: 'frozen-debit', floorMinor: null, ceilingMinor: '50000' },
      limits: [{ name: 'spend', limit }],
    });
    const { body } = await get(`/accounts/${WALLET}/holds`);
    const { holds, next } = OpenHoldsPageSchema.parse(body);
    const [first, second] = RULED.slice(2, 4).map(({ id }) => `${id}.0`);
    expect(holds.map(({ holdId }) => holdId)).toEqual([first, second].sort());
    expect(holds).toContainEqual({
      ...{ holdId: second, account: WALLET, placedMinor: '300', capturedMinor: '0' },
      ...{ releasedMinor: '0', remainingMinor: '300', state: 'open', expiresAt: EXPIRES_AT },
    });
    expect(next).toBeNull();
    const after = await get(`/accounts/${WALLET}/holds?after=${holds[0]?.holdId ?? ''}`);
    expect(after.body).toEqual({ holds: [holds[1]], next: null });
    const plain = await get(`/accounts/${PENDING}/rules`);
    expect(plain.body).toMatchObject({ state: 'open', floorMinor: null, limits: [] });
    expect((await get(`/accounts/${PENDING}/holds`)).body).toEqual({ holds: [], next: null });
  });

  it('is the trial balance at a moment', async () => {
    const { body } = await get('/trial-balance?at=2026-11-20T12:00:00Z');
    expect(TrialBalanceAtSchema.parse(body)).toMatchObject({
      ...{ clock: 'effective', debitMinor: '1000', creditMinor: '1000', differenceMinor: '0' },
      accounts: [
        { account: 'fees:income', balanceMinor: '19' },
        { account: 'psp:stripe:balance', balanceMinor: '1000' },
        { account: PENDING, balanceMinor: '981' },
      ],
    });
  });

  it('is balances that fit, page by page', async () => {
    const page = async (query: string): Promise<readonly (string | null)[]> => {
      const { balances, next } = BalancesPageSchema.parse((await get(`/balances?${query}`)).body);
      return [...balances.map(({ account }) => account), next];
    };
    const second = 'merchant:1900000002:pending';
    const third = 'merchant:1900000003:pending';
    expect(await page('prefix=merchant:')).toEqual([PENDING, second, third, null]);
    expect(await page('prefix=merchant:&nonZero=true')).toEqual([PENDING, second, null]);
    expect(await page('prefix=merchant:&limit=2')).toEqual([PENDING, second, second]);
    expect(await page(`prefix=merchant:&limit=2&after=${second}`)).toEqual([third, null]);
    expect(await page('owner=merchant:1900000002&currency=EUR')).toEqual([second, null]);
    expect(await page('owner=operator')).toEqual(['fees:income', 'psp:stripe:balance', null]);
  });

  it('is a transfer, and a command with its transfers', async () => {
    const command = BookedCommandSchema.parse(
      (await get(`/commands/${LATE.id.toUpperCase()}`)).body,
    );
    expect(command).toMatchObject({
      ...{ id: LATE.id, kind: 'payment', batch: '1', refusal: null, content: { orderId: 'ord_1' } },
      transfers: [
        { seq: '1', purpose: 'gross', debit: 'psp:stripe:balance', credit: PENDING },
        { seq: '2', purpose: 'fee', effectiveAt: '2026-11-20T10:00:00.000Z' },
      ],
    });
    const transfer = BookedTransferSchema.parse((await get('/transfers/2')).body);
    expect(transfer).toEqual(command.transfers[1]);
  });

  it.each([
    { path: '/accounts/tax:vat/balance?at=2026-11-23T10:00:00Z', status: 404, field: 'account' },
    { path: `/accounts/${PENDING}/balance`, status: 400, field: 'at' },
    { path: `/accounts/${PENDING}/balance?at=yesterday`, status: 400, field: 'at' },
    { path: `/accounts/${PENDING}/balance?at=2026-13-01T00:00:00Z`, status: 400, field: 'at' },
    {
      path: `/accounts/${PENDING}/balance?at=2026-11-23T10:00:00Z&clock=wall`,
      ...{ status: 400, field: 'clock' },
    },
    { path: `/accounts/${PENDING}/days?from=2026-02-30`, status: 400, field: 'from' },
    { path: `/accounts/${PENDING}/days?from=2026-02-03&to=2026-02-02`, status: 400, field: 'to' },
    { path: '/accounts/user:usr_9:wallet/rules', status: 404, field: 'account' },
    { path: `/accounts/${WALLET}/holds?before=1`, status: 400, field: 'before' },
    { path: '/balances?limit=1001', status: 400, field: 'limit' },
    { path: '/balances?owner=me', status: 400, field: 'owner' },
    { path: '/balances?prefix=%25', status: 400, field: 'prefix' },
    { path: '/transfers/0', status: 400, field: 'seq' },
    { path: '/transfers/77', status: 404, field: 'seq' },
    { path: '/commands/77', status: 400, field: 'id' },
    { path: `/commands/${randomUUID()}`, status: 404, field: 'id' },
  ])('answers $path with $status about $field', async ({ path, status, field }) => {
    expect(await get(path)).toMatchObject({ status, body: { facts: { field } } });
  });

  it.each([
    `/accounts/${PENDING}/balance?at=2026-11-23T10:00:00Z`,
    ...[`/accounts/${PENDING}/days`, `/accounts/${PENDING}/rules`, `/accounts/${PENDING}/holds`],
    ...['/balances', '/transfers/1', `/commands/${LATE.id}`],
  ])('keeps %s from strangers', async (path) => {
    expect(await get(path, 'guess')).toMatchObject({ status: 401 });
  });
});

const EXPIRES_AT = '2026-12-01T10:00:00.000Z';
const common = { effectiveAt: '2026-11-23T11:00:00Z', currency: 'EUR' } as const;

function hold(amountMinor: string, expiresAt: string | null): LedgerCommandOf<'hold-place'> {
  return {
    ...{ kind: 'hold-place', id: randomUUID(), ...common, account: WALLET },
    ...{ amountMinor, expiresAt },
  };
}

/** Money, a limit, two holds, terms. */
const RULED = [
  {
    ...{ kind: 'top-up', id: randomUUID(), ...common, topUpId: 'top_1', psp: 'stripe' },
    ...{ userId: 'usr_1', amountMinor: '9000' },
  },
  {
    ...{ kind: 'limit-set', id: randomUUID(), ...common },
    ...{ subject: `account:${WALLET}`, name: 'spend' },
    limit: {
      ...{ window: { kind: 'rolling', seconds: 3600 }, side: 'debit', counterparty: null },
      ...{ countMax: '9', sumMaxMinor: null },
    },
  },
  hold('700', null),
  hold('300', EXPIRES_AT),
  {
    ...{ kind: 'account-set', id: randomUUID(), ...common, account: WALLET },
    ...{ state: 'frozen-debit', ceilingMinor: '50000' },
  },
] as const satisfies LedgerCommand[];

function payment(merchantId: string, effectiveAt: string): LedgerCommandOf<'payment'> {
  return {
    kind: 'payment',
    id: randomUUID(),
    effectiveAt,
    attemptId: 'att_1',
    orderId: 'ord_1',
    merchantId,
    funds: { kind: 'psp', psp: 'stripe', account: null },
    amountMinor: '1000',
    feeMinor: '19',
    currency: 'EUR',
  };
}
