import { Money } from '@stuiver/money';
import type { Database } from '@stuiver/postgres';
import { runningTotals, signedAmount } from '../../domain/statement.js';
import { type LineRow, toLine } from './settlements.js';

export interface SettlementSummary {
  readonly id: string;
  readonly closedAt: Date;
  readonly amount: Money;
  readonly payoutState: string | null;
  readonly endToEndId: string | null;
  readonly ibanLast4: string | null;
  readonly executionDate: string | null;
}

export interface StatementRow {
  readonly version: string;
  readonly bookedAt: Date;
  readonly purpose: string;
  readonly outTradeNo: string | null;
  readonly transactionId: string | null;
  readonly outRefundNo: string | null;
  readonly description: string | null;
  readonly method: string | null;
  readonly transferSeq: string;
  readonly amount: Money;
  readonly runningTotal: Money;
}

/** What a settlement holds of one purpose. */
export interface PurposeSum {
  readonly purpose: string;
  readonly count: number;
  readonly amount: Money;
}

const SUMMARY = `select s.id, s.closed_at, s.amount_minor, p.state as payout_state, p.end_to_end_id, p.payee_iban_last4,
    b.execution_date::text as execution_day
  from payout.settlement s
  left join lateral (select * from payout.payout q where q.settlement_id = s.id and q.state <> 'refused'
    order by q.id desc limit 1) p on true
  left join payout.batch b on b.id = p.batch_id
  where s.merchant_id = $1 and s.state = 'closed'`;
const SETTLEMENTS_PER_PAGE = 50;
/** Of a statement: what its page shows, and what is read at once. */
export const LINES_PER_PAGE = 1_000;
const LINES = `select l.version, l.side, l.amount_minor, l.currency, l.booked_at, l.purpose, l.transfer_seq,
    o.out_trade_no, o.transaction_id, o.description, o.method, r.out_refund_no
  from payout.pending_line l
  left join payout.order_reference o on o.order_id = l.order_id
  left join payout.refund_reference r on r.refund_id = l.refund_id
  where l.merchant_id = $1 and l.settlement_id = $2 and l.version > $3 order by l.version limit ${LINES_PER_PAGE}`;

interface SummaryRow {
  readonly id: string;
  readonly closed_at: Date;
  readonly amount_minor: string;
  readonly payout_state: string | null;
  readonly end_to_end_id: string | null;
  readonly payee_iban_last4: string | null;
  readonly execution_day: string | null;
}

interface DetailRow extends LineRow {
  readonly booked_at: Date;
  readonly purpose: string;
  readonly transfer_seq: string;
  readonly out_trade_no: string | null;
  readonly transaction_id: string | null;
  readonly description: string | null;
  readonly method: string | null;
  readonly out_refund_no: string | null;
}

/** What a merchant sees; another merchant's settlement is not there. */
export class SettlementView {
  constructor(private readonly database: Database) {}

  /** Newest first, those older than `before`. */
  async list(merchantId: string, before: string | null): Promise<SettlementSummary[]> {
    const rows = await this.database.query<SummaryRow>(
      `${SUMMARY} and ($2::text is null or s.id < $2) order by s.id desc limit ${SETTLEMENTS_PER_PAGE}`,
      [merchantId, before],
    );
    return rows.map(toSummary);
  }

  async find(merchantId: string, id: string): Promise<SettlementSummary | undefined> {
    const [row] = await this.database.query<SummaryRow>(`${SUMMARY} and s.id = $2`, [
      merchantId,
      id,
    ]);
    return row === undefined ? undefined : toSummary(row);
  }

  /** In their order, a page at a time, to the last one: a large shop's month is not held whole. */
  async *pages(
    merchantId: string,
    settlementId: string,
  ): AsyncGenerator<readonly StatementRow[], void, undefined> {
    let after = '0';
    let before = Money.zero('EUR');
    for (;;) {
      const rows = await this.database.query<DetailRow>(LINES, [merchantId, settlementId, after]);
      const page = withTotals(rows, before);
      const last = page.at(-1);
      if (last === undefined) return;
      yield page;
      if (page.length < LINES_PER_PAGE) return;
      [after, before] = [last.version, last.runningTotal];
    }
  }

  /** By purpose; together they are the settlement's amount. */
  async sums(merchantId: string, settlementId: string): Promise<readonly PurposeSum[]> {
    const rows = await this.database.query<{ purpose: string; count: number; minor: string }>(
      `select purpose, count(*)::int as count,
         sum(case side when 'credit' then amount_minor else -amount_minor end)::text as minor
       from payout.pending_line where merchant_id = $1 and settlement_id = $2 group by purpose order by min(version)`,
      [merchantId, settlementId],
    );
    return rows.map(({ purpose, count, minor }) => ({
      ...{ purpose, count, amount: Money.ofMinor(BigInt(minor), 'EUR') },
    }));
  }

  /** The first page. */
  async firstLines(merchantId: string, settlementId: string): Promise<readonly StatementRow[]> {
    const { value } = await this.pages(merchantId, settlementId).next();
    return value ?? [];
  }
}

function withTotals(rows: readonly DetailRow[], before: Money): StatementRow[] {
  const totals = runningTotals(rows.map(toLine));
  return rows.map((row, index) => ({
    version: row.version,
    bookedAt: row.booked_at,
    purpose: row.purpose,
    outTradeNo: row.out_trade_no,
    transactionId: row.transaction_id,
    outRefundNo: row.out_refund_no,
    description: row.description,
    method: row.method,
    transferSeq: row.transfer_seq,
    amount: signedAmount(toLine(row)),
    runningTotal: before.plus(totals[index] ?? Money.zero('EUR')),
  }));
}

function toSummary(row: SummaryRow): SettlementSummary {
  return {
    id: row.id,
    closedAt: row.closed_at,
    amount: Money.ofMinor(BigInt(row.amount_minor), 'EUR'),
    payoutState: row.payout_state,
    endToEndId: row.end_to_end_id,
    ibanLast4: row.payee_iban_last4,
    executionDate: row.execution_day,
  };
}
