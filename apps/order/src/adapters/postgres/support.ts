import type { FoundOrder, UnknownOutcome } from '@stuiver/console-api';
import type { Database } from '@stuiver/postgres';
import { UNKNOWN_MS_MAX } from '../../domain/ask-ladder.js';
import { minorOfSearch, ORDER_COLUMNS, type SummaryRow, toSummary } from './order-summary.js';

interface FoundRow extends SummaryRow {
  readonly mchid: string;
  readonly merchant_name: string;
}

interface UnknownRow {
  readonly kind: UnknownOutcome['kind'];
  readonly id: string;
  readonly state: string;
  readonly method: string | null;
  readonly amount_minor: string;
  readonly psp_reference: string | null;
  readonly mchid: string | null;
  readonly order_id: string | null;
  readonly out_trade_no: string | null;
  readonly since: Date;
  readonly asked_count: number;
  readonly ask_at: Date | null;
}

export interface SupportPage {
  readonly before: string | null;
  readonly text: string | null;
  /** Days in Amsterdam, both included. */
  readonly from: string | null;
  readonly to: string | null;
  readonly limit: number;
}

const OPEN = `('confirming', 'redirected', 'unknown')`;
const UNKNOWN_MAX = 200;
const UNKNOWN = `
  select 'attempt' as kind, a.id, a.state, a.method, o.amount_minor, a.psp_reference, o.mchid, o.id as order_id,
      o.out_trade_no, coalesce(a.confirmed_at, a.created_at) as since, a.asked_count, a.ask_at
    from orders.attempt a join orders.payment_order o on o.id = a.order_id where a.state in ${OPEN}
  union all select 'refund', r.id, r.state, o.method, r.amount_minor, r.psp_reference, r.mchid, r.order_id, o.out_trade_no,
      r.created_at, r.worked_count, r.work_at
    from orders.refund r join orders.payment_order o on o.id = r.order_id where r.state in ('requested', 'processing')
  union all select 'top-up', t.id, t.state, t.method, t.amount_minor, t.psp_reference, null, null, null,
      t.created_at, t.asked_count, t.ask_at
    from orders.top_up t where t.state in ${OPEN}`;

/** What whoever helps looks for: any merchant's order by any of its numbers, and what nobody knows the end of. */
export class SupportView {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  async orders({ before, text, from, to, limit }: SupportPage): Promise<readonly FoundOrder[]> {
    const rows = await this.database.query<FoundRow>(
      `select ${ORDER_COLUMNS}, o.mchid, m.name as merchant_name
       from orders.payment_order o join orders.merchant m on m.mchid = o.mchid
       where ($1::text is null or o.id < $1)
         and ($2::text is null or o.amount_minor = $3::bigint or o.id in (
           select id from orders.payment_order where out_trade_no = $2 or transaction_id = $2 or id = $2
           union select order_id from orders.attempt where psp_reference = $2 or id = $2
           union select order_id from orders.refund where out_refund_no = $2 or refund_no = $2 or psp_reference = $2 or id = $2))
         and ($4::date is null or o.created_at >= $4::date::timestamp at time zone 'Europe/Amsterdam')
         and ($5::date is null or o.created_at < ($5::date + 1)::timestamp at time zone 'Europe/Amsterdam')
       order by o.id desc limit $6`,
      [before, text, minorOfSearch(text), from, to, limit],
    );
    return rows.map((row) => ({
      ...{ ...toSummary(row), mchid: row.mchid, merchantName: row.merchant_name },
    }));
  }

  /** The oldest first. */
  async unknown(now: Date): Promise<readonly UnknownOutcome[]> {
    const rows = await this.database.query<UnknownRow>(
      `select * from (${UNKNOWN}) u order by since, id limit ${String(UNKNOWN_MAX)}`,
    );
    return rows.map((row) => toUnknown(row, now));
  }

  /** Undefined once its end is known. */
  async unknownOne(
    kind: UnknownOutcome['kind'],
    id: string,
    now: Date,
  ): Promise<UnknownOutcome | undefined> {
    const [row] = await this.database.query<UnknownRow>(
      `select * from (${UNKNOWN}) u where kind = $1 and id = $2`,
      [kind, id],
    );
    return row === undefined ? undefined : toUnknown(row, now);
  }
}

function toUnknown(row: UnknownRow, now: Date): UnknownOutcome {
  const { kind, id, state, method } = row;
  return {
    ...{ kind, id, state, method },
    amountMinor: row.amount_minor,
    pspReference: row.psp_reference,
    mchid: row.mchid,
    orderId: row.order_id,
    outTradeNo: row.out_trade_no,
    since: row.since.toISOString(),
    askedCount: row.asked_count,
    nextAskAt: row.ask_at?.toISOString() ?? null,
    isException: now.getTime() - row.since.getTime() > UNKNOWN_MS_MAX,
  };
}
