import type {
  OrderTransfers,
  SettlementDetail,
  SettlementLine,
  SettlementSummary,
} from '@stuiver/console-api';
import type { Database } from '@stuiver/postgres';
import { PAYOUT_SUMMARY, type PayoutSummaryRow, toPayoutSummary } from './payout-rows.js';

interface SettlementRow {
  readonly id: string;
  readonly merchant_id: string;
  readonly state: SettlementSummary['state'];
  readonly amount_minor: string | null;
  readonly created_at: Date;
  readonly closed_at: Date | null;
  readonly payout: PayoutSummaryRow | null;
}

interface LineRow {
  readonly version: string;
  readonly purpose: string;
  readonly amount_minor: string;
  readonly running_minor: string;
  readonly order_id: string | null;
  readonly out_trade_no: string | null;
  readonly transaction_id: string | null;
  readonly description: string | null;
  readonly method: string | null;
  readonly out_refund_no: string | null;
  readonly transfer_seq: string;
  readonly booked_at: Date;
  readonly settlement_id: string | null;
}

/** What an order moved: paid, its fee, each refund of it. The running total is that of the order. */
const ORDER_LINES_MAX = 500;
const LINES_PER_PAGE = 5_000;
const SETTLEMENTS = `select s.id, s.merchant_id, s.state, s.amount_minor, s.created_at, s.closed_at,
    (select to_json(last) from (${PAYOUT_SUMMARY} where p.settlement_id = s.id order by p.id desc limit 1) last) as payout
  from payout.settlement s where s.merchant_id = $1`;
const FROM_LINES = `from payout.pending_line l
    left join payout.order_reference o on o.order_id = l.order_id
    left join payout.refund_reference r on r.refund_id = l.refund_id`;
const LINE = `l.version, l.purpose, (case l.side when 'credit' then l.amount_minor else -l.amount_minor end)::text as amount_minor,
      l.order_id, o.out_trade_no, o.transaction_id, o.description, o.method, r.out_refund_no, l.transfer_seq, l.booked_at,
      l.settlement_id`;
const LINES = `select * from (
    select ${LINE}, sum(case l.side when 'credit' then l.amount_minor else -l.amount_minor end)
      over (order by l.version)::text as running_minor
    ${FROM_LINES}
    where l.merchant_id = $1 and l.settlement_id = $2) all_lines
  where $3::bigint is null or version > $3 order by version limit ${LINES_PER_PAGE}`;

const OF_ORDER = `select ${LINE}, sum(case l.side when 'credit' then l.amount_minor else -l.amount_minor end)
      over (order by l.version)::text as running_minor
    ${FROM_LINES}
    where l.merchant_id = $1 and l.order_id = $2 order by l.version limit ${ORDER_LINES_MAX}`;

/** A merchant's settlements for their console; another merchant's is not there. */
export class ConsoleSettlements {
  constructor(private readonly database: Database) {}

  /** Newest first, those older than `before`. */
  async list(
    merchantId: string,
    page: { before: string | null; limit: number },
  ): Promise<readonly SettlementSummary[]> {
    const rows = await this.database.query<SettlementRow>(
      `${SETTLEMENTS} and ($2::text is null or s.id < $2) order by s.id desc limit $3`,
      [merchantId, page.before, page.limit],
    );
    return rows.map(toSummary);
  }

  /** What an order moved on the merchant's account, oldest first. */
  async ofOrder(merchantId: string, orderId: string): Promise<OrderTransfers['lines']> {
    const rows = await this.database.query<LineRow>(OF_ORDER, [merchantId, orderId]);
    return rows.map((row) => ({ ...toLine(row), settlementId: row.settlement_id }));
  }

  /** @param after  version of the last line of the page before. */
  async find(
    merchantId: string,
    id: string,
    after: string | null,
  ): Promise<SettlementDetail | undefined> {
    const [row] = await this.database.query<SettlementRow>(`${SETTLEMENTS} and s.id = $2`, [
      merchantId,
      id,
    ]);
    if (row === undefined) return undefined;
    const lines = await this.database.query<LineRow>(LINES, [merchantId, id, after]);
    const isFull = lines.length === LINES_PER_PAGE;
    return {
      ...toSummary(row),
      lines: lines.map(toLine),
      nextLine: isFull ? (lines.at(-1)?.version ?? null) : null,
    };
  }
}

function toSummary(row: SettlementRow): SettlementSummary {
  return {
    settlementId: row.id,
    merchantId: row.merchant_id,
    state: row.state,
    amountMinor: row.amount_minor,
    currency: 'EUR',
    createdAt: row.created_at.toISOString(),
    closedAt: row.closed_at?.toISOString() ?? null,
    payout: row.payout === null ? null : toPayoutSummary(row.payout),
  };
}

function toLine(row: LineRow): SettlementLine {
  return {
    version: row.version,
    purpose: row.purpose,
    amountMinor: row.amount_minor,
    runningMinor: row.running_minor,
    orderId: row.order_id,
    outTradeNo: row.out_trade_no,
    transactionId: row.transaction_id,
    description: row.description,
    method: row.method,
    outRefundNo: row.out_refund_no,
    transferSeq: row.transfer_seq,
    bookedAt: row.booked_at.toISOString(),
  };
}
