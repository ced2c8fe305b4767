import type { Database } from '@stuiver/postgres';
import {
  CLEARING_TERMS,
  type ClearingKind,
  type OpenClearing,
  type Safeguarding,
  type Watched,
} from '../../domain/watch.js';
import type { ToldWatch, WatchMemory, WatchReads } from '../../use-cases/watch-books.js';

const TRIAL_SQL = `
  select coalesce(sum(case when normal_side = 'debit' then balance_minor else -balance_minor end), 0)::text as difference
    from ledger.account`;

const SAFEGUARDING_SQL = `
  select coalesce(sum(greatest(balance_minor, 0))
           filter (where owner <> 'operator' or code = 'refund:transit' or starts_with(code, 'suspense:')), 0)::text as owed,
         coalesce(sum(balance_minor)
           filter (where starts_with(code, 'psp:') or starts_with(code, 'bank:')), 0)::text as assets
    from ledger.account`;

/**
 * First in, first out: what is there is what came last. So from the last day backwards, the day on which what came adds
 * up to the balance is that of its oldest part.
 */
const CLEARING_SQL = `
  select term.kind, a.code as account, a.balance_minor::text as balance,
         (($1::timestamptz at time zone 'Europe/Amsterdam')::date - oldest.day)::int as days
    from unnest($2::text[], $3::text[]) as term (kind, pattern)
    join ledger.account a on a.code ~ term.pattern and a.balance_minor <> 0
    cross join lateral (
      select max(day) as day
        from (select d.effective_on as day,
                     sum(sum(case when (a.normal_side = 'debit') = (a.balance_minor > 0) then d.debit_minor
                                  else d.credit_minor end)) over (order by d.effective_on desc) as came
                from ledger.account_day d where d.account = a.id group by d.effective_on) as back
       where back.came >= abs(a.balance_minor)) as oldest
   order by days desc, a.code`;

interface ClearingRow {
  readonly kind: ClearingKind;
  readonly account: string;
  readonly balance: string;
  readonly days: number;
}

/** What is watched in schema `ledger`, and what was told of it. */
export class PostgresWatch implements WatchReads, WatchMemory {
  constructor(private readonly database: Database) {}

  async read(now: Date): Promise<Watched> {
    return {
      trialDifference: await this.trialDifference(),
      clearing: await this.clearing(now),
      safeguarding: await this.safeguarding(),
    };
  }

  /** Debits less credits, minor units. */
  async trialDifference(): Promise<bigint> {
    const [row] = await this.database.query<{ difference: string }>(TRIAL_SQL);
    return BigInt(row?.difference ?? '0');
  }

  async safeguarding(): Promise<Safeguarding> {
    const [row] = await this.database.query<{ owed: string; assets: string }>(SAFEGUARDING_SQL);
    return { owed: BigInt(row?.owed ?? '0'), assets: BigInt(row?.assets ?? '0') };
  }

  async clearing(now: Date): Promise<readonly OpenClearing[]> {
    const kinds = CLEARING_TERMS.map(({ kind }) => kind);
    const patterns = CLEARING_TERMS.map(({ pattern }) => pattern);
    const rows = await this.database.query<ClearingRow>(CLEARING_SQL, [now, kinds, patterns]);
    return rows.map((row) => ({ ...row, balance: BigInt(row.balance) }));
  }

  async told(watch: string): Promise<ToldWatch | null> {
    const [row] = await this.database.query<{ state: ToldWatch['state']; change: string }>(
      'select state, change::text from ledger.watch where name = $1',
      [watch],
    );
    return row === undefined ? null : { state: row.state, change: BigInt(row.change) };
  }

  async keep(watch: string, { state, change }: ToldWatch, at: Date): Promise<void> {
    await this.database.query(
      `insert into ledger.watch as told (name, state, change, changed_at) values ($1, $2, $3, $4)
       on conflict (name) do update set state = excluded.state, change = excluded.change, changed_at = excluded.changed_at
        where told.change = excluded.change - 1`,
      [watch, state, change.toString(), at],
    );
  }
}
