import type {
  AccountBalance,
  AccountRules,
  BalanceAt,
  BookedCommand,
  BookedTransfer,
  BooksAt,
  BooksSpan,
  DaySummary,
  HoldView,
  JournalPage,
  TrialBalanceAt,
} from '@stuiver/contracts';
import type { Database } from '@stuiver/postgres';
import type {
  BalancesQuestion,
  DaysPage,
  JournalQuestion,
  LedgerLookups,
  MomentQuestion,
  OpenHoldsQuestion,
} from '../../use-cases/ledger-lookups.js';
import {
  BOOKED_BY_SQL,
  BOOKS_AT_SQL,
  BOOKS_NOW_SQL,
  DAYS_SQL,
  EFFECTIVE_BY_SQL,
  SPAN_SQL,
  TRIAL_BOOKED_SQL,
  TRIAL_EFFECTIVE_SQL,
} from './moment-sql.js';
import { momentsOf } from './moments-of.js';

const SQL = {
  booking: { balance: BOOKED_BY_SQL, days: DAYS_SQL('booked_on'), trial: TRIAL_BOOKED_SQL },
  effective: {
    balance: EFFECTIVE_BY_SQL,
    days: DAYS_SQL('effective_on'),
    trial: TRIAL_EFFECTIVE_SQL,
  },
} as const;

const BALANCES_SQL = `
  select code as account, owner, currency, normal_side as "normalSide", balance_minor::text as "balanceMinor"
    from ledger.account
   where starts_with(code, $1) and code > $2 and ($3::text is null or owner = $3) and ($4::text is null or currency = $4)
     and (not $5 or balance_minor <> 0)
   order by code limit $6`;

const RULES_SQL = `
  select a.code as account, a.state, a.own_floor_minor::text as "floorMinor", a.ceiling_minor::text as "ceilingMinor",
         coalesce((select json_agg(json_build_object('name', l.name, 'limit', json_build_object(
                            'window', json_strip_nulls(
                              json_build_object('kind', l.window_kind, 'seconds', l.window_seconds)),
                            'side', l.side, 'counterparty', l.counterparty, 'countMax', l.count_max::text,
                            'sumMaxMinor', l.sum_max_minor::text)) order by l.name)
                     from ledger.velocity_limit l where l.subject = 'account:' || a.code), '[]') as limits
    from ledger.account a where a.code = $1`;

const OPEN_HOLDS_SQL = `
  select h.id as "holdId", a.code as account, h.placed_minor::text as "placedMinor",
         h.captured_minor::text as "capturedMinor", h.released_minor::text as "releasedMinor",
         h.remaining_minor::text as "remainingMinor", h.state, h.expires_at as "expiresAt"
    from ledger.account a join ledger.hold h on h.account = a.id and h.state = 'open'
   where a.code = $1 and h.id > $2 order by h.id limit $3`;

/** A page looks at so many transfers, whether they fit or not: however few do, it answers soon. */
const JOURNAL_WINDOW = 20_000n;

const TRANSFERS = `
  select t.seq::text, t.command_id as "commandId", c.kind as "commandKind", t.purpose, debit.code as debit,
         credit.code as credit, t.amount_minor::text as "amountMinor", t.currency,
         t.debit_version::text as "debitVersion", t.debit_after::text as "debitAfterMinor",
         t.credit_version::text as "creditVersion", t.credit_after::text as "creditAfterMinor", t.batch::text,
         t.effective_at as "effectiveAt", b.at as "bookedAt", c.content->>'effectiveAt' as "ownEffectiveAt"
    from ledger.transfer t
    join ledger.command c on c.id = t.command_id
    join ledger.batch b on b.no = t.batch
    join ledger.account debit on debit.id = t.debit
    join ledger.account credit on credit.id = t.credit
   where t.seq >= $1 and t.seq < $2`;

const TRANSFERS_SQL = `${TRANSFERS} order by t.seq`;

const JOURNAL_SQL = `${TRANSFERS}
     and t.effective_at >= $3::date::timestamp at time zone 'Europe/Amsterdam'
     and t.effective_at < ($4::date + 1)::timestamp at time zone 'Europe/Amsterdam'
     and ($5::text is null or $5 in (debit.code, credit.code))
   order by t.seq limit $6`;

const COMMAND_SQL = `
  select c.id, c.kind, c.content, c.batch::text, b.at as "bookedAt", c.refusal, c.first_seq::text as first,
         (c.first_seq + c.transfer_count)::text as beyond
    from ledger.command c join ledger.batch b on b.no = c.batch
   where c.id = $1`;

type HoldRow = Omit<HoldView, 'expiresAt'> & { readonly expiresAt: Date | null };

type TransferRow = Omit<BookedTransfer, 'effectiveAt' | 'bookedAt'> & {
  readonly effectiveAt: Date;
  readonly bookedAt: Date;
};

type CommandRow = Omit<BookedCommand, 'bookedAt' | 'transfers'> & {
  readonly bookedAt: Date;
  readonly first: string;
  readonly beyond: string;
};

type TrialRow = AccountBalance & { readonly debit: string | null; readonly credit: string | null };

interface MomentRow {
  readonly currency: 'EUR';
  readonly side: 'debit' | 'credit';
  readonly version: string | null;
  readonly balance: string;
}

/** The moments and days of accounts, over any pool that may read schema `ledger`. */
export class PostgresLedgerLookups implements LedgerLookups {
  constructor(private readonly database: Database) {}

  async balanceAt(code: string, { clock, at }: MomentQuestion): Promise<BalanceAt | null> {
    const [row] = await this.database.query<MomentRow>(SQL[clock].balance, [code, at]);
    if (row === undefined) return null;
    const { currency, side: normalSide, version, balance: balanceMinor } = row;
    return {
      account: code,
      currency,
      normalSide,
      clock,
      at: at.toISOString(),
      balanceMinor,
      version,
    };
  }

  days(code: string, { clock, from, to, limit }: DaysPage): Promise<readonly DaySummary[]> {
    return this.database.query<DaySummary>(SQL[clock].days, [code, from, to, limit]);
  }

  async trialBalanceAt(
    { clock, at }: MomentQuestion,
    accountsMax: number,
  ): Promise<TrialBalanceAt> {
    const rows = await this.database.query<TrialRow>(SQL[clock].trial, [at, accountsMax]);
    const debit = rows[0]?.debit ?? '0';
    const credit = rows[0]?.credit ?? '0';
    return {
      ...{ clock, at: at.toISOString(), currency: 'EUR', debitMinor: debit, creditMinor: credit },
      differenceMinor: (BigInt(debit) - BigInt(credit)).toString(),
      accounts: rows.map(toAccountBalance),
    };
  }

  async booksAt(at: Date | null): Promise<BooksAt> {
    const kinds = await (at === null
      ? this.database.query<BooksAt['kinds'][number]>(BOOKS_NOW_SQL)
      : this.database.query<BooksAt['kinds'][number]>(BOOKS_AT_SQL, [at]));
    return { at: at?.toISOString() ?? null, currency: 'EUR', kinds };
  }

  async span(): Promise<BooksSpan> {
    type Row = { readonly firstDay: string | null; readonly openFrom: Date | null };
    const [row] = await this.database.query<Row>(SPAN_SQL);
    return { firstDay: row?.firstDay ?? null, openFrom: row?.openFrom?.toISOString() ?? null };
  }

  async rules(code: string): Promise<AccountRules | null> {
    const [row] = await this.database.query<AccountRules>(RULES_SQL, [code]);
    return row ?? null;
  }

  async openHolds(code: string, { after, limit }: OpenHoldsQuestion): Promise<readonly HoldView[]> {
    const rows = await this.database.query<HoldRow>(OPEN_HOLDS_SQL, [code, after, limit]);
    return rows.map((row) => ({ ...row, expiresAt: row.expiresAt?.toISOString() ?? null }));
  }

  balances(question: BalancesQuestion): Promise<readonly AccountBalance[]> {
    const { prefix, after, owner, currency, isNonZero, limit } = question;
    const parameters = [prefix, after, owner, currency, isNonZero, limit];
    return this.database.query<AccountBalance>(BALANCES_SQL, parameters);
  }

  async transfer(seq: string): Promise<BookedTransfer | null> {
    const [found] = await this.transfers(seq, (BigInt(seq) + 1n).toString());
    return found ?? null;
  }

  async command(id: string): Promise<BookedCommand | null> {
    const [row] = await this.database.query<CommandRow>(COMMAND_SQL, [id]);
    if (row === undefined) return null;
    const { first, beyond, bookedAt, ...command } = row;
    const transfers = await this.transfers(first, beyond);
    return { ...command, bookedAt: bookedAt.toISOString(), transfers };
  }

  async journal(question: JournalQuestion): Promise<JournalPage> {
    const { after, from, to, account, limit } = question;
    const [head] = await this.database.query<{ last: string }>(
      'select last_seq::text as last from ledger.head where shard = 1',
    );
    const last = BigInt(head?.last ?? '0');
    const seen = BigInt(after) + JOURNAL_WINDOW;
    const span = [(BigInt(after) + 1n).toString(), (seen + 1n).toString()];
    const transfers = await this.transfersOf(JOURNAL_SQL, [...span, from, to, account, limit]);
    // A full page ends where its last transfer is.
    const end = transfers.length === limit ? BigInt(transfers.at(-1)?.seq ?? '0') : seen;
    return { transfers, next: end < last ? end.toString() : null };
  }

  private async transfers(first: string, beyond: string): Promise<readonly BookedTransfer[]> {
    return this.transfersOf(TRANSFERS_SQL, [first, beyond]);
  }

  private async transfersOf(
    sql: string,
    parameters: readonly unknown[],
  ): Promise<readonly BookedTransfer[]> {
    const rows = await this.database.query<TransferRow>(sql, parameters);
    return rows.map((row) => ({ ...row, ...momentsOf(row) }));
  }
}

function toAccountBalance(row: TrialRow): AccountBalance {
  const { account, owner, currency, normalSide, balanceMinor } = row;
  return { account, owner, currency, normalSide, balanceMinor };
}
