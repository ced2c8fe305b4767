import { openDatabase } from '@stuiver/postgres';
import { type BenchLine, measure } from './measure.js';

/*
 * What one would write first: a function that books one transfer in a transaction of its own, with the same rows and
 * the same promises (idempotent, floor, versions, balances after). The ledger is measured beside it, in the same run.
 */

const ACCOUNTS = 10_000;
const CONCURRENCY = 64;
const SPREAD_N = 12_000;
/** Every transfer waits for the one before it to commit: few are enough to see it. */
const HOT_N = 4_000;

const SCHEMA_SQL = `
  create schema ledger_yardstick;
  create table ledger_yardstick.account (
    id bigint primary key, floor_minor bigint null, balance_minor bigint not null, version bigint not null,
    check (floor_minor is null or balance_minor >= floor_minor)
  ) with (fillfactor = 60);
  create table ledger_yardstick.transfer (
    seq bigint generated always as identity primary key, command_id uuid not null unique,
    debit bigint not null references ledger_yardstick.account (id),
    credit bigint not null references ledger_yardstick.account (id),
    amount_minor bigint not null check (amount_minor > 0),
    debit_version bigint not null, debit_after bigint not null,
    credit_version bigint not null, credit_after bigint not null, at timestamptz not null default now(),
    unique (debit, debit_version), unique (credit, credit_version)
  );
  insert into ledger_yardstick.account
  select id, 0, 1000000000, 0 from generate_series(1, ${String(ACCOUNTS)}) as id;
  create function ledger_yardstick.transfer(p_id uuid, p_debit bigint, p_credit bigint, p_amount bigint)
  returns bigint language plpgsql as $$
  declare d record; c record; s bigint;
  begin
    perform 1 from ledger_yardstick.account where id in (p_debit, p_credit) order by id for update;
    update ledger_yardstick.account set balance_minor = balance_minor - p_amount, version = version + 1
     where id = p_debit returning balance_minor, version into d;
    update ledger_yardstick.account set balance_minor = balance_minor + p_amount, version = version + 1
     where id = p_credit returning balance_minor, version into c;
    insert into ledger_yardstick.transfer (command_id, debit, credit, amount_minor, debit_version, debit_after,
                                           credit_version, credit_after)
    values (p_id, p_debit, p_credit, p_amount, d.version, d.balance_minor, c.version, c.balance_minor)
    on conflict (command_id) do nothing returning seq into s;
    return s;
  end $$;`;

export async function* measureFunction(adminUrl: string): AsyncGenerator<BenchLine> {
  const database = await openDatabase({
    url: adminUrl,
    applicationName: 'ledger yardstick',
    poolMax: CONCURRENCY,
  });
  const transfer = (debit: number, credit: number): Promise<unknown> =>
    database.pool.query({
      name: 'yardstick',
      text: 'select ledger_yardstick.transfer(gen_random_uuid(), $1, $2, 1)',
      values: [debit, credit],
    });
  try {
    await database.query(SCHEMA_SQL);
    yield await measure({
      name: 'ledger.function.spread',
      n: SPREAD_N,
      concurrency: CONCURRENCY,
      one: (index) => transfer(1 + (index % ACCOUNTS), 1 + ((index * 7 + 1) % ACCOUNTS)),
    });
    yield await measure({
      name: 'ledger.function.hot',
      n: HOT_N,
      concurrency: CONCURRENCY,
      one: (index) => transfer(2 + (index % (ACCOUNTS - 1)), 1),
    });
  } finally {
    await database.query('drop schema if exists ledger_yardstick cascade');
    await database.close();
  }
}
