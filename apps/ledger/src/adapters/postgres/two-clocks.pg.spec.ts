import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { LedgerClock, LedgerCommandOf } from '@stuiver/contracts';
import { NoCrashPoints, SilentLog } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import { FixedClock, testDatabase, type TestDatabase } from '@stuiver/testing';
import { type Books, openBooks } from '../../open-books.js';
import { BOOKED_BY_SQL, EFFECTIVE_BY_SQL } from './moment-sql.js';

const HOUR_MS = 3_600_000;
const ACCOUNTS = ['psp:stripe:balance', 'merchant:1900000001:pending', 'fees:income'];
/** Sides of the clock's changes, of midnight in Amsterdam and of months; each with what is booked then. */
const BOOKED = [
  { at: '2026-03-28T22:30:00.000Z', effective: ['2026-03-28T22:30:00Z', '2026-03-01T00:00:00Z'] },
  {
    at: '2026-03-28T23:30:00.000Z',
    effective: ['2026-03-28T22:59:59.999Z', '2026-03-28T23:00:00Z'],
  },
  {
    at: '2026-03-29T21:59:59.999Z',
    effective: ['2026-03-29T21:59:59.999Z', '2026-03-29T01:30:00Z'],
  },
  { at: '2026-03-29T22:00:00.000Z', effective: ['2026-03-29T22:00:00Z', '2026-02-14T11:00:00Z'] },
  { at: '2026-10-25T22:30:00.000Z', effective: ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'] },
  { at: '2026-10-25T23:30:00.000Z', effective: ['2026-12-01T00:00:00Z', '2026-10-25T22:59:59Z'] },
] as const;

describe('an account at any moment', () => {
  let db: TestDatabase;
  let database: Database;
  let books: Books;
  const clock = new FixedClock(BOOKED[0].at);

  beforeAll(async () => {
    db = await testDatabase();
    database = await db.open('ledger');
    const quiet = {
      log: new SilentLog(),
      crash: new NoCrashPoints(),
      onCommitted: () => undefined,
    };
    books = openBooks({ database, clock, ...quiet });
    for (const { at, effective } of BOOKED) {
      clock.advance(Date.parse(at) - clock.now().getTime());
      await Promise.all(effective.map((effectiveAt) => books.port.submit(payment(effectiveAt))));
    }
  });
  afterAll(() => db.close());

  it.each(ACCOUNTS)(
    'of %s is the sum of what was booked, or had happened, by then',
    async (account) => {
      for (const at of moments()) {
        for (const kind of ['booking', 'effective'] as const) {
          const found = await books.lookups.findBalanceAt.run(account, { clock: kind, at });
          expect({ at, kind, balance: found?.balanceMinor }).toEqual({
            ...{ at, kind, balance: await summed(account, kind, at) },
          });
        }
      }
    },
  );

  it.each(['booking', 'effective'] as const)('adds up on the %s clock', async (kind) => {
    for (const at of moments()) {
      const trial = await books.lookups.takeTrialBalanceAt.run({ clock: kind, at });
      expect(trial).toMatchObject({ clock: kind, at: at.toISOString(), differenceMinor: '0' });
      for (const { account, balanceMinor } of trial.accounts) {
        expect({ at, account, balanceMinor }).toEqual({
          ...{ at, account, balanceMinor: await summed(account, kind, at) },
        });
      }
    }
  });

  it('is told with the version on the booking clock', async () => {
    const at = new Date(BOOKED[1].at);
    const booking = { clock: 'booking', at } as const;
    expect(await books.lookups.findBalanceAt.run('fees:income', booking)).toEqual({
      ...{ account: 'fees:income', currency: 'EUR', normalSide: 'credit', clock: 'booking' },
      ...{ at: BOOKED[1].at, balanceMinor: '76', version: '4' },
    });
    const before = { clock: 'booking', at: new Date(at.getTime() - 24 * HOUR_MS) } as const;
    expect(await books.lookups.findBalanceAt.run('fees:income', before)).toMatchObject({
      ...{ balanceMinor: '0', version: '0' },
    });
  });

  it('is null for an account that was never booked on, or that no chart has', async () => {
    const question = { clock: 'booking', at: clock.now() } as const;
    expect(await books.lookups.findBalanceAt.run('tax:vat', question)).toBeNull();
    expect(await books.lookups.findBalanceAt.run('my:own', question)).toBeNull();
  });

  it.each(['booking', 'effective'] as const)('has days on the %s clock', async (kind) => {
    const page = { clock: kind, from: '2026-03-29', to: '2026-11-30', limit: 100 };
    const days = await books.lookups.listDays.run('merchant:1900000001:pending', page);
    expect(days).toEqual(DAYS[kind]);
    for (const { day, closingMinor } of days) {
      const at = await database.query<{ at: Date }>(
        `select ($1::date + 1)::timestamp at time zone 'Europe/Amsterdam' - interval '1 millisecond' as at`,
        [day],
      );
      const question = { clock: kind, at: at[0]?.at ?? new Date(Number.NaN) };
      const balance = await books.lookups.findBalanceAt.run(
        'merchant:1900000001:pending',
        question,
      );
      expect(balance?.balanceMinor).toBe(closingMinor);
    }
    expect(await books.lookups.listDays.run('my:own', page)).toEqual([]);
    await expect(
      books.lookups.listDays.run('fees:income', { ...page, to: '2026-03-28' }),
    ).rejects.toMatchObject({ code: 'PARAM_ERROR', facts: { field: 'to' } });
  });

  it('has days that nobody but the trigger writes', async () => {
    const tries = [
      'update ledger.account_past_day set debit_minor = 0',
      'delete from ledger.account_past_day',
      `insert into ledger.account_past_day values (1, '2026-01-01', '2026-01-01', 1, 1, 1, 1, 1)`,
    ];
    for (const sql of tries) {
      await expect(database.query(sql)).rejects.toMatchObject({ code: '42501' });
    }
    const asOwner = new pg.Client({ connectionString: db.adminUrl });
    await asOwner.connect();
    const removed = asOwner.query('delete from ledger.account_past_day');
    await expect(removed.finally(() => asOwner.end())).rejects.toMatchObject({ code: 'LB002' });
  });

  async function summed(account: string, kind: LedgerClock, at: Date): Promise<string> {
    const time = kind === 'booking' ? 'b.at' : 't.effective_at';
    const [row] = await database.query<{ sum: string }>(
      `select coalesce(sum(case when (t.debit = a.id) = (a.normal_side = 'debit') then t.amount_minor
                                else -t.amount_minor end), 0)::text as sum
         from ledger.account a
         join ledger.transfer t on a.id in (t.debit, t.credit)
         join ledger.batch b on b.no = t.batch
        where a.code = $1 and ${time} <= $2`,
      [account, at],
    );
    return row?.sum ?? '';
  }
});

const DAYS = {
  booking: [
    day('2026-03-29', { transfers: 8, closing: 5886 }),
    day('2026-03-30', { transfers: 4, closing: 7848 }),
    day('2026-10-25', { transfers: 4, closing: 9810 }),
    day('2026-10-26', { transfers: 4, closing: 11772 }),
  ],
  effective: [
    day('2026-03-29', { transfers: 6, closing: 7848 - 981 }),
    day('2026-03-30', { transfers: 2, closing: 7848 }),
    day('2026-10-25', { transfers: 6, closing: 7848 + 3 * 981 }),
  ],
} as const;

function day(name: string, { transfers, closing }: { transfers: number; closing: number }): object {
  const payments = transfers / 2;
  return {
    day: name,
    debitMinor: String(payments * 19),
    creditMinor: String(payments * 1000),
    transfers: String(transfers),
    closingMinor: String(closing),
  };
}

/** On each edge, and a millisecond to either side. */
function moments(): Date[] {
  const edges = new Set(BOOKED.flatMap(({ at, effective }) => [at, ...effective]));
  return [...edges].flatMap((edge) => [-1, 0, 1].map((ms) => new Date(Date.parse(edge) + ms)));
}

function payment(effectiveAt: string): LedgerCommandOf<'payment'> {
  return {
    kind: 'payment',
    id: randomUUID(),
    effectiveAt,
    attemptId: 'att_1',
    orderId: 'ord_1',
    merchantId: '1900000001',
    funds: { kind: 'psp', psp: 'stripe', account: null },
    amountMinor: '1000',
    feeMinor: '19',
    currency: 'EUR',
  };
}

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Actual Loops': number;
  readonly 'Actual Rows': number;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly Plan[];
}

const TRANSFERS = 60_000;
/** Two sides for each halving of sixty thousand, and the line itself. */
const LOOKUPS_MAX = 2 * Math.ceil(Math.log2(TRANSFERS)) + 2;

/** A merchant with many transfers on many days, written as the owner: what counts here is where PostgreSQL looks. */
describe('the look-up on an account with sixty thousand transfers', () => {
  let db: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    db = await testDatabase();
    client = new pg.Client({ connectionString: db.adminUrl });
    await client.connect();
    await client.query(MANY);
  });
  afterAll(async () => {
    await client.end();
    await db.close();
  });

  async function explain(sql: string, at: string): Promise<readonly Plan[]> {
    const { rows } = await client.query<{ 'QUERY PLAN': readonly { Plan: Plan }[] }>(
      `explain (analyze, buffers, format json) ${sql}`,
      ['merchant:1:pending', at],
    );
    return rows[0]?.['QUERY PLAN'].flatMap(({ Plan }) => flat(Plan)) ?? [];
  }

  it('on the booking clock halves over the unique indexes', async () => {
    const plans = await explain(BOOKED_BY_SQL, '2026-03-05T12:34:00Z');
    const onTransfers = plans.filter((plan) => plan['Relation Name'] === 'transfer');
    expect(new Set(onTransfers.map((plan) => plan['Index Name']))).toEqual(
      new Set(['transfer_debit_versions_have_no_twin', 'transfer_credit_versions_have_no_twin']),
    );
    const lookups = onTransfers.reduce((sum, plan) => sum + plan['Actual Loops'], 0);
    expect(lookups).toBeLessThanOrEqual(LOOKUPS_MAX);
    const onBatches = plans.filter((plan) => plan['Relation Name'] === 'batch');
    expect(new Set(onBatches.map((plan) => plan['Index Name']))).toEqual(
      new Set(['batch_by_time']),
    );
  });

  it('on the effective clock reads the days, and of the transfers that day’s only', async () => {
    const plans = await explain(EFFECTIVE_BY_SQL, '2026-03-05T12:34:00Z');
    const onTransfers = plans.filter((plan) => plan['Relation Name'] === 'transfer');
    const read = onTransfers.reduce(
      (sum, plan) => sum + plan['Actual Rows'] * plan['Actual Loops'],
      0,
    );
    // A thousand a day, until half past twelve.
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThanOrEqual(TRANSFERS / 60);
    for (const plan of onTransfers) expect(plan['Node Type']).not.toBe('Seq Scan');
  });
});

function flat(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(flat)];
}

/** A thousand transfers a day for sixty days, one to a batch. */
const MANY = `
  insert into ledger.account (id, code, owner, currency, normal_side, floor_minor, balance_minor, version) values
    (1, 'psp:stripe:balance', 'operator', 'EUR', 'debit', null, ${String(TRANSFERS)}, ${String(TRANSFERS)}),
    (2, 'merchant:1:pending', 'merchant:1', 'EUR', 'credit', null, ${String(TRANSFERS)}, ${String(TRANSFERS)});
  alter table ledger.batch disable trigger user;
  insert into ledger.batch (no, first_seq, transfer_count, command_count, at)
  select n, n, 1, 1, timestamptz '2026-02-01T00:00:00Z' + n * interval '86.4 seconds' from generate_series(1, ${String(TRANSFERS)}) n;
  alter table ledger.batch enable trigger user;
  insert into ledger.command (id, kind, content, content_sha256, batch, first_seq, transfer_count)
  select md5(n::text)::uuid, 'top-up', '{}', '', n, n, 1 from generate_series(1, ${String(TRANSFERS)}) n;
  alter table ledger.transfer disable trigger user;
  insert into ledger.transfer (seq, command_id, purpose, debit, credit, amount_minor, currency, debit_version, debit_after,
    credit_version, credit_after, effective_at, batch)
  select n, md5(n::text)::uuid, 'top-up', 1, 2, 1, 'EUR', n, n, n, n, timestamptz '2026-02-01T00:00:00Z' + n * interval '86.4 seconds', n
    from generate_series(1, ${String(TRANSFERS)}) n;
  alter table ledger.transfer enable trigger user;
  insert into ledger.account_past_day
  select side.account, t.day, t.day, sum(side.debit), sum(side.credit), count(*), min(t.seq), max(t.seq)
    from (select seq, amount_minor, (effective_at at time zone 'Europe/Amsterdam')::date as day from ledger.transfer) as t,
         lateral (values (1, t.amount_minor, 0), (2, 0, t.amount_minor)) as side (account, debit, credit)
   group by side.account, t.day;
  analyze ledger.transfer; analyze ledger.batch; analyze ledger.account_past_day; analyze ledger.account;`;
