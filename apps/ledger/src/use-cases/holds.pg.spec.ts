import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { LedgerCommand, LedgerCommandOf, LedgerPort } from '@stuiver/contracts';
import { type Clock, NoCrashPoints, SilentLog, SystemClock } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import { eventually, FixedClock, testDatabase, type TestDatabase } from '@stuiver/testing';
import { type Books, openBooks } from '../open-books.js';

const GUARDED = 'LB004';
const CHECK = '23514';
const NOT_GRANTED = '42501';
const NOON = '2030-01-01T12:00:00.000Z';
const HOUR_MS = 3_600_000;
const ONE = '2030-01-01T13:00:00.000Z';
const common = { effectiveAt: NOON, currency: 'EUR' } as const;

function open(database: Database, clock: Clock = new SystemClock()): Books {
  const quiet = { log: new SilentLog(), crash: new NoCrashPoints(), onCommitted: () => undefined };
  return openBooks({ database, clock, ...quiet });
}

const walletOf = (userId: string): string => `user:${userId}:wallet`;
const topUp = (userId: string, amountMinor = '1000'): LedgerCommand => ({
  ...{ kind: 'top-up', id: randomUUID(), ...common, topUpId: 'top_1', psp: 'stripe' },
  ...{ userId, amountMinor },
});
const place = (
  userId: string,
  amountMinor: string,
  expiresAt: string | null = null,
): LedgerCommandOf<'hold-place'> => ({
  ...{ kind: 'hold-place', id: randomUUID(), ...common, account: walletOf(userId) },
  ...{ amountMinor, expiresAt },
});
const capture = (
  holdId: string,
  captures: readonly string[],
  final = false,
): LedgerCommandOf<'hold-capture'> => ({
  ...{ kind: 'hold-capture', id: randomUUID(), ...common, holdId, final },
  captures: captures.map((amountMinor, place) => ({
    credit: `merchant:190000000${String(place)}:pending`,
    amountMinor,
  })),
});
const release = (holdId: string): LedgerCommandOf<'hold-release'> => ({
  ...{ kind: 'hold-release', id: randomUUID(), ...common, holdId, amountMinor: null },
});
const pay = (userId: string, amountMinor: string): LedgerCommandOf<'payment'> => ({
  ...{ kind: 'payment', id: randomUUID(), ...common, attemptId: 'att_1', orderId: 'ord_1' },
  ...{ merchantId: '1900000009', funds: { kind: 'wallet', userId }, amountMinor, feeMinor: '0' },
});

describe('holds on PostgreSQL', () => {
  let db: TestDatabase;
  let database: Database;
  let ledger: LedgerPort;

  beforeAll(async () => {
    db = await testDatabase();
    database = await db.open('ledger');
    ledger = open(database).port;
  });
  afterAll(() => db.close());

  const standing = async (
    userId: string,
  ): Promise<{ balanceMinor?: string | undefined; heldMinor?: string | undefined }> => {
    const view = await ledger.account(walletOf(userId));
    return { balanceMinor: view?.balanceMinor, heldMinor: view?.heldMinor };
  };
  const holdRow = async (id: string): Promise<Record<string, unknown> | undefined> => {
    const [row] = await database.query<Record<string, unknown>>(
      `select state, captured_minor::int as captured, released_minor::int as released,
              remaining_minor::int as remaining from ledger.hold where id = $1`,
      [id],
    );
    return row;
  };

  it('go from placing to the last capture, and every answer comes again as it was', async () => {
    await ledger.submit(topUp('usr_a'));
    const placed = place('usr_a', '600', ONE);
    const holdId = `${placed.id}.0`;
    const commands: LedgerCommand[] = [
      placed,
      pay('usr_a', '401'),
      capture(holdId, ['100', '50']),
      { kind: 'hold-increase', id: randomUUID(), ...common, holdId, amountMinor: '10' },
      capture(holdId, ['300'], true),
      release(holdId),
    ];
    const results = [];
    for (const command of commands) results.push(await ledger.submit(command));
    expect(results).toMatchObject([
      { outcome: 'posted', transfers: [], holds: [{ holdId, placedMinor: '600', state: 'open' }] },
      {
        ...{ outcome: 'refused', code: 'FLOOR', shortfallMinor: '1' },
        holds: {
          ...{ heldMinor: '600', earliestExpiresAt: ONE },
          first: [{ holdId, remainingMinor: '600', expiresAt: ONE }],
        },
      },
      { outcome: 'posted', transfers: [{ amountMinor: '100' }, { amountMinor: '50' }] },
      { outcome: 'posted', holds: [{ placedMinor: '610', remainingMinor: '460' }] },
      {
        outcome: 'posted',
        holds: [{ capturedMinor: '450', releasedMinor: '160', state: 'captured' }],
      },
      { outcome: 'refused', code: 'HOLD_ENDED', account: walletOf('usr_a') },
    ]);
    expect(await standing('usr_a')).toEqual({ balanceMinor: '550', heldMinor: '0' });
    const other = open(database).port;
    for (const [index, command] of commands.entries()) {
      expect(await ledger.submit(command)).toEqual(results[index]);
      expect(await other.submit(command)).toEqual(results[index]);
    }
  });

  it('are captured by a process that did not place them', async () => {
    await ledger.submit(topUp('usr_b'));
    const placed = place('usr_b', '600');
    await ledger.submit(placed);
    const other = open(database).port;
    expect(await other.submit(capture(`${placed.id}.0`, ['600']))).toMatchObject({
      ...{ outcome: 'posted', holds: [{ state: 'captured' }] },
    });
    expect(await ledger.submit(release(`${placed.id}.0`))).toMatchObject({ code: 'HOLD_ENDED' });
    expect(await standing('usr_b')).toEqual({ balanceMinor: '400', heldMinor: '0' });
  });

  it('are worked on by chains, whole or not at all', async () => {
    await ledger.submit(topUp('usr_c'));
    const [first, second] = [place('usr_c', '100'), place('usr_c', '200')];
    await Promise.all([ledger.submit(first), ledger.submit(second)]);
    const steps: LedgerCommandOf<'transfer-chain'>['steps'] = [
      {
        ...{ do: 'capture', purpose: 'share', holdId: `${first.id}.0`, take: 'exactly' },
        ...{ credit: 'merchant:1900000001:pending', amountMinor: '100' },
      },
      { do: 'release', holdId: `${second.id}.0`, amountMinor: '50' },
      {
        ...{ do: 'transfer', purpose: 'gift', debit: walletOf('usr_c'), take: 'up-to' },
        ...{ credit: walletOf('usr_d'), amountMinor: '9999' },
      },
    ];
    const chain = { kind: 'transfer-chain', id: randomUUID(), ...common, steps } as const;
    const done = await ledger.submit(chain);
    expect(done).toMatchObject({
      transfers: [
        { purpose: 'share', amountMinor: '100' },
        { purpose: 'gift', amountMinor: '750' },
      ],
    });
    expect(await open(database).port.submit(chain)).toEqual(done);
    expect(await standing('usr_c')).toEqual({ balanceMinor: '150', heldMinor: '150' });
  });

  it.each([
    { field: 'steps.0.purpose', over: { purpose: 'a,b}' } },
    { field: 'steps.0.debit', over: { debit: "user:'x':wallet" } },
    { field: 'credit', over: { debit: walletOf('usr_d') } },
  ])('take no chain whose $field the books cannot hold', async ({ field, over }) => {
    const step = {
      ...{ do: 'transfer', purpose: 'gift', debit: walletOf('usr_c'), take: 'exactly' },
      ...{ credit: walletOf('usr_d'), amountMinor: '1' },
    } as const;
    const steps = [{ ...step, ...over } as LedgerCommandOf<'transfer-chain'>['steps'][number]];
    const chain = { kind: 'transfer-chain', id: randomUUID(), ...common, steps } as const;
    await expect(ledger.submit(chain)).rejects.toMatchObject({
      ...{ code: 'PARAM_ERROR', facts: { field } },
    });
  });

  it('keep every cent while two processes place and capture on one account', async () => {
    await ledger.submit(topUp('usr_e', '100000'));
    const writers = [ledger, open(database).port] as const;
    const one = async (index: number): Promise<void> => {
      const placed = place('usr_e', '10');
      await writers[index % 2 === 0 ? 0 : 1].submit(placed);
      await writers[index % 3 === 0 ? 0 : 1].submit(capture(`${placed.id}.0`, ['3', '3'], true));
    };
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(Array.from({ length: 20 }, (_, index) => one(index)));
    }
    expect(await standing('usr_e')).toEqual({ balanceMinor: '99400', heldMinor: '0' });
    expect((await ledger.trialBalance()).differenceMinor).toBe('0');
  });

  it('are guarded by the tables themselves', async () => {
    await ledger.submit(topUp('usr_f'));
    const [kept, ended] = [
      place('usr_f', '100', '2999-01-01T00:00:00.000Z'),
      place('usr_f', '100'),
    ];
    await ledger.submit(kept);
    await ledger.submit(ended);
    await ledger.submit(release(`${ended.id}.0`));
    const admin = new pg.Client({ connectionString: db.adminUrl });
    await admin.connect();
    const change = (id: string, columns: string): Promise<unknown> =>
      admin.query(
        `update ledger.hold set changed_batch = (select max(no) from ledger.batch), ${columns} where id = $1`,
        [`${id}.0`],
      );
    try {
      const less = 'remaining_minor = remaining_minor - 10';
      await expect(change(kept.id, less)).rejects.toMatchObject({ constraint: 'hold_adds_up' });
      const below = `captured_minor = 110, remaining_minor = -10`;
      await expect(change(kept.id, below)).rejects.toMatchObject({ code: CHECK });
      const uncaptured = `released_minor = released_minor - 1, captured_minor = captured_minor + 1`;
      await expect(change(kept.id, uncaptured)).rejects.toMatchObject({ code: GUARDED });
      const early = `released_minor = 100, remaining_minor = 0, state = 'expired'`;
      await expect(change(kept.id, early)).rejects.toMatchObject({ code: GUARDED });
      await expect(change(kept.id, 'expires_at = null')).rejects.toMatchObject({ code: GUARDED });
      await expect(change(ended.id, `state = 'captured'`)).rejects.toMatchObject({ code: GUARDED });
      await expect(admin.query('delete from ledger.hold')).rejects.toMatchObject({ code: 'LB002' });
      const floor = admin.query(
        `update ledger.account set held_minor = 1001 where code = '${walletOf('usr_f')}'`,
      );
      await expect(floor).rejects.toMatchObject({ constraint: 'account_keeps_its_floor' });
    } finally {
      await admin.end();
    }
    for (const sql of [
      'update ledger.hold set remaining_minor = 0',
      'update ledger.account set held_minor = 0',
      'select ledger.append_rare_rows(1, null)',
    ]) {
      await expect(database.query(sql)).rejects.toMatchObject({ code: NOT_GRANTED });
    }
  });

  it('expire before anything else of a batch, by a command that is recorded', async () => {
    const clock = new FixedClock(NOON);
    const timed = open(database, clock).port;
    await timed.submit(topUp('usr_g'));
    const placed = place('usr_g', '1000', ONE);
    await timed.submit(placed);
    expect(await timed.submit(pay('usr_g', '1'))).toMatchObject({ code: 'FLOOR' });
    clock.advance(HOUR_MS);
    const [captured, paid] = await Promise.all([
      timed.submit(capture(`${placed.id}.0`, ['1'])),
      timed.submit(pay('usr_g', '1000')),
    ]);
    expect(captured).toMatchObject({ code: 'HOLD_EXPIRED' });
    expect(paid).toMatchObject({ outcome: 'posted', bookedAt: ONE });
    expect(await holdRow(`${placed.id}.0`)).toMatchObject({ state: 'expired', released: 1000 });
    const recorded = await database.query(
      `select answer from ledger.command where kind = 'hold-expire' and batch = $1`,
      [paid.batch],
    );
    expect(recorded).toMatchObject([{ answer: { holds: [{ state: 'expired' }] } }]);
  });

  it('expire in batches of their own when very many are due', async () => {
    const clock = new FixedClock('2031-01-01T12:00:00.000Z');
    const timed = open(database, clock).port;
    await timed.submit(topUp('usr_h', '1300'));
    const soon = '2031-01-01T12:30:00.000Z';
    await Promise.all(Array.from({ length: 1_300 }, () => timed.submit(place('usr_h', '1', soon))));
    expect(await standing('usr_h')).toEqual({ balanceMinor: '1300', heldMinor: '1300' });
    clock.advance(HOUR_MS);
    // Another process, which knows of none of them, finds them under the lock.
    const other = open(database, clock).port;
    expect(await other.submit(pay('usr_h', '1300'))).toMatchObject({ outcome: 'posted' });
    expect(await standing('usr_h')).toEqual({ balanceMinor: '0', heldMinor: '0' });
  });

  it('expire although nobody asks for anything', async () => {
    const books = open(database, new FixedClock('2032-01-01T12:00:00.000Z'));
    await books.port.submit(topUp('usr_i'));
    const placed = place('usr_i', '1000', '2032-01-01T12:00:01.000Z');
    await books.port.submit(placed);
    const later = open(database, new FixedClock('2032-01-01T12:00:02.000Z'));
    const sleepless = [books, later, open(database, new FixedClock('2032-01-01T12:00:02.000Z'))];
    for (const { expireHolds } of sleepless) expireHolds.start();
    try {
      await eventually('the hold has expired', async () => {
        const row = await holdRow(`${placed.id}.0`);
        return row?.['state'] === 'expired';
      });
    } finally {
      for (const { expireHolds } of sleepless) await expireHolds.stop();
    }
    expect(await standing('usr_i')).toEqual({ balanceMinor: '1000', heldMinor: '0' });
  });

  it('leave ids of version 8 to the ledger', async () => {
    const own = '6d1f4a52-37b4-8d7e-9c56-5d3f1f0a8e01';
    await expect(ledger.void(own)).rejects.toMatchObject({ code: 'PARAM_ERROR' });
  });
});
