import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { LedgerCommandOf } from '@stuiver/contracts';
import { NoCrashPoints, SilentLog } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import { FixedClock, testDatabase, type TestDatabase } from '@stuiver/testing';
import { type Books, openBooks } from '../open-books.js';

const OCTOBER = '2026-10-20T10:00:00.000Z';
const NOVEMBER = '2026-10-31T23:00:00.000Z';
const CLOSED = 'LB006';

describe('closing a month', () => {
  let db: TestDatabase;
  let database: Database;
  let books: Books;
  let another: Books;

  beforeAll(async () => {
    db = await testDatabase();
    database = await db.open('ledger');
    const clock = new FixedClock('2026-11-23T12:00:00.000Z');
    const quiet = {
      log: new SilentLog(),
      crash: new NoCrashPoints(),
      onCommitted: () => undefined,
    };
    books = openBooks({ database, clock, ...quiet });
    another = openBooks({ database, clock, ...quiet });
    await books.port.submit(topUp(OCTOBER));
    // Its cache now stands at an open October.
    await another.port.submit(topUp(OCTOBER));
  });
  afterAll(() => db.close());

  it('is refused for a month that is not over, and can be done when it is', async () => {
    await expect(books.closePeriod.run('2026-11')).rejects.toMatchObject({ code: 'PARAM_ERROR' });
    const closed = await books.closePeriod.run('2026-10');
    expect(closed).toMatchObject({ outcome: 'posted', transfers: [] });
    expect(await another.closePeriod.run('2026-10')).toEqual(closed);
    const refused = { outcome: 'refused', code: 'PERIOD_CLOSED', firstOpenAt: NOVEMBER };
    expect(await books.closePeriod.run('2026-09')).toMatchObject(refused);
  });

  it('refuses asks for it in every process, for ever', async () => {
    for (const { port } of [books, another]) {
      const ask = payment(OCTOBER);
      const refusal = await port.submit(ask);
      expect(refusal).toMatchObject({
        ...{ outcome: 'refused', code: 'PERIOD_CLOSED', firstOpenAt: NOVEMBER, account: null },
      });
      expect(await another.port.submit(ask)).toEqual(refusal);
      expect(await port.submit(payment(NOVEMBER))).toMatchObject({ outcome: 'posted' });
    }
  });

  it('books facts for it at the first open moment, with their own time', async () => {
    const before = await balanceAt(OCTOBER);
    const late = topUp(OCTOBER);
    const result = await books.port.submit(late);
    const seq = result.outcome === 'posted' ? (result.transfers[0]?.seq ?? '') : '';
    expect(await books.lookups.findBooked.transfer(seq)).toMatchObject({
      ...{ effectiveAt: NOVEMBER, ownEffectiveAt: OCTOBER, commandId: late.id },
    });
    expect(await balanceAt(OCTOBER)).toBe(before);
    const page = { afterVersion: '0', limit: 1_000 };
    const lines = await books.port.statement('user:usr_a:wallet', page);
    expect(lines.map(({ ownEffectiveAt }) => ownEffectiveAt)).toContain(null);
    expect(lines.find((line) => line.seq === seq)).toMatchObject({
      ...{ effectiveAt: NOVEMBER, ownEffectiveAt: OCTOBER },
    });
  });

  it('shows the books by kind of account, then and now, and from when they are open', async () => {
    const { books: whole } = books;
    const [october, now] = [await whole.booksAt(new Date(OCTOBER)), await whole.booksAt(null)];
    expect(october).toMatchObject({ at: OCTOBER, currency: 'EUR' });
    const balances = new Map(october.kinds.map((kind) => [kind.account, kind]));
    expect(balances.get('user:*:wallet')).toEqual({
      ...{ account: 'user:*:wallet', normalSide: 'credit', accounts: '1' },
      ...{ balanceMinor: await balanceAt(OCTOBER), aboveZeroMinor: await balanceAt(OCTOBER) },
    });
    for (const { kinds } of [october, now]) {
      const net = kinds.reduce((sum, { normalSide, balanceMinor }) => {
        return normalSide === 'debit' ? sum + BigInt(balanceMinor) : sum - BigInt(balanceMinor);
      }, 0n);
      expect(net).toBe(0n);
    }
    expect(now.kinds.map(({ account }) => account)).toContain('merchant:*:pending');
    expect(await whole.span()).toEqual({ firstDay: '2026-10-20', openFrom: NOVEMBER });
    const days = { from: '2026-10-01', to: '2026-10-31' };
    const { transfers, next } = await whole.journal({ after: '0', ...days });
    expect([transfers.map(({ purpose }) => purpose), next]).toEqual([['top-up', 'top-up'], null]);
  });

  it('is for ever in the database too', async () => {
    const owner = new pg.Client({ connectionString: db.adminUrl });
    await owner.connect();
    try {
      await expect(owner.query(BACKDATED)).rejects.toMatchObject({ code: CLOSED });
      await expect(owner.query(reclose('2026-10'))).rejects.toMatchObject({ code: CLOSED });
      await expect(owner.query(reclose('2026-12'))).rejects.toMatchObject({ code: CLOSED });
      for (const sql of [
        `update ledger.period set open_from = 'epoch'`,
        'delete from ledger.period',
        'truncate ledger.period',
      ]) {
        await expect(owner.query(sql)).rejects.toMatchObject({ code: 'LB002' });
      }
    } finally {
      await owner.end();
    }
    const period = `insert into ledger.period values ('2027-01-01', '2026-12', gen_random_uuid(), 1, 1)`;
    await expect(database.query(period)).rejects.toMatchObject({ code: '42501' });
  });

  async function balanceAt(at: string): Promise<string | undefined> {
    const question = { clock: 'effective', at: new Date(at) } as const;
    return (await books.lookups.findBalanceAt.run('user:usr_a:wallet', question))?.balanceMinor;
  }
});

/** A transfer of October, after October was closed; sound in every other way. */
const BACKDATED = `
  insert into ledger.transfer (seq, command_id, purpose, debit, credit, amount_minor, currency, debit_version, debit_after,
    credit_version, credit_after, effective_at, batch)
  select last.seq + 1, last.command_id, 'top-up', p.id, w.id, 1, 'EUR', p.version + 1, p.balance_minor + 1,
         w.version + 1, w.balance_minor + 1, '${OCTOBER}', last.batch
    from (select seq, command_id, batch from ledger.transfer order by seq desc limit 1) as last,
         (select * from ledger.account where code = 'psp:stripe:balance') as p,
         (select * from ledger.account where code = 'user:usr_a:wallet') as w`;

const reclose = (month: string): string => `
  insert into ledger.command (id, kind, content, content_sha256, batch, first_seq, transfer_count)
  values (gen_random_uuid(), 'period-close', '{"month":"${month}"}', '', 1, 1, 0)`;

function topUp(effectiveAt: string): LedgerCommandOf<'top-up'> {
  return {
    ...{ kind: 'top-up', id: randomUUID(), effectiveAt, topUpId: 'top_1', userId: 'usr_a' },
    ...{ psp: 'stripe', amountMinor: '5000', currency: 'EUR' },
  };
}

function payment(effectiveAt: string): LedgerCommandOf<'payment'> {
  return {
    ...{ kind: 'payment', id: randomUUID(), effectiveAt, attemptId: 'att_1', orderId: 'ord_1' },
    ...{ merchantId: '1900000001', funds: { kind: 'wallet', userId: 'usr_a' } },
    ...{ amountMinor: '100', feeMinor: '1', currency: 'EUR' },
  };
}
