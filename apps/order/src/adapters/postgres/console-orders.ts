import type { FeeExplained, OrderDetail, OrderSummary } from '@stuiver/console-api';
import type { Database } from '@stuiver/postgres';
import { disputableUntil } from '@stuiver/psp';
import { consoleDisputes } from './console-disputes.js';
import { minorOfSearch, ORDER_COLUMNS, type SummaryRow, toSummary } from './order-summary.js';
import { fromLine, type StoredLine, toLine } from './price-rows.js';
import { type FeeOnRefund, lineFor } from '../../domain/price-list.js';

interface FeeRow {
  readonly fee_vat_minor: string;
  readonly list: string;
  readonly valid_from: Date;
  readonly lines: readonly StoredLine[];
  readonly on_refund: FeeOnRefund;
}

type AttemptRow = Readonly<{
  [Name in 'id' | 'state']: string;
}> & {
  method: string | null;
  psp_reference: string | null;
  held_until: Date | null;
  created_at: Date;
};

interface RefundRow {
  readonly id: string;
  readonly out_refund_no: string;
  readonly state: string;
  readonly amount_minor: string;
  readonly created_at: Date;
}

interface NotificationRow {
  readonly id: string;
  readonly event_type: string;
  readonly state: string;
  readonly tries: number;
  readonly last_tried_at: Date | null;
}

const SUMMARY = `select ${ORDER_COLUMNS} from orders.payment_order o`;

export interface OrdersPage {
  readonly mchid: string;
  /** Order id: only what is older. */
  readonly before: string | null;
  readonly state: OrderSummary['state'] | null;
  /** The beginning of one of the order's numbers, a part of its description, or its amount (`12,50`). */
  readonly text: string | null;
  /** Days in Amsterdam, both included. */
  readonly from: string | null;
  readonly to: string | null;
  readonly limit: number;
}

/** A merchant's orders as the consoles show them. Every read names the merchant: an order of another is not found. */
export class PostgresConsoleOrders {
  constructor(private readonly database: Database) {}

  /** Newest first: ids sort by age. */
  async page(page: OrdersPage): Promise<readonly OrderSummary[]> {
    const rows = await this.database.query<SummaryRow>(
      `${SUMMARY} where mchid = $1 and ($2::text is null or id < $2) and ($3::text is null or state = $3)
         and ($4::text is null or starts_with(out_trade_no, $4) or starts_with(transaction_id, $4)
           or strpos(lower(description), lower($4)) > 0 or amount_minor = $5::bigint)
         and ($6::date is null or created_at >= $6::date::timestamp at time zone 'Europe/Amsterdam')
         and ($7::date is null or created_at < ($7::date + 1)::timestamp at time zone 'Europe/Amsterdam')
       order by id desc limit $8`,
      [
        ...[page.mchid, page.before, page.state, page.text, minorOfSearch(page.text)],
        ...[page.from, page.to, page.limit],
      ],
    );
    return rows.map(toSummary);
  }

  async detail(mchid: string, orderId: string): Promise<OrderDetail | undefined> {
    const [row] = await this.database.query<SummaryRow>(`${SUMMARY} where mchid = $1 and id = $2`, [
      mchid,
      orderId,
    ]);
    if (row === undefined) return undefined;
    const [feeExplained, attempts, refunds, disputes, notifications] = await Promise.all([
      this.feeExplained(row),
      this.attempts(orderId),
      this.refunds(orderId),
      consoleDisputes(this.database, orderId),
      this.notifications(orderId),
    ]);
    return {
      ...toSummary(row),
      disputableUntil: disputableOf(row),
      feeExplained,
      attempts,
      refunds,
      disputes,
      notifications,
    };
  }

  /** By the very line of the very version that priced it. */
  private async feeExplained({ id, method }: SummaryRow): Promise<FeeExplained | null> {
    const [row] = await this.database.query<FeeRow>(
      `select a.fee_vat_minor, v.list, v.valid_from, v.lines, v.on_refund from orders.payment_order o
         join orders.attempt a on a.id = o.paid_attempt_id
         join orders.price_version v on v.id = a.price_version_id
       where o.id = $1`,
      [id],
    );
    if (row === undefined || method === null) return null;
    const prices = { lines: row.lines.map(toLine), onRefund: row.on_refund };
    return {
      vatMinor: row.fee_vat_minor,
      line: fromLine(lineFor(prices, method)),
      list: row.list,
      validFrom: row.valid_from.toISOString(),
    };
  }

  private async attempts(orderId: string): Promise<OrderDetail['attempts']> {
    const rows = await this.database.query<AttemptRow>(
      `select id, state, method, psp_reference, created_at,
         case when state = 'created' then held_until end as held_until from orders.attempt
       where order_id = $1 order by created_at, id`,
      [orderId],
    );
    return rows.map((row) => ({
      attemptId: row.id,
      state: row.state,
      method: row.method,
      pspReference: row.psp_reference,
      heldUntil: row.held_until?.toISOString() ?? null,
      createdAt: row.created_at.toISOString(),
    }));
  }

  private async refunds(orderId: string): Promise<OrderDetail['refunds']> {
    const rows = await this.database.query<RefundRow>(
      `select id, out_refund_no, state, amount_minor, created_at from orders.refund
       where order_id = $1 order by created_at, id`,
      [orderId],
    );
    return rows.map((row) => ({
      refundId: row.id,
      outRefundNo: row.out_refund_no,
      state: row.state,
      amountMinor: row.amount_minor,
      createdAt: row.created_at.toISOString(),
    }));
  }

  private async notifications(orderId: string): Promise<OrderDetail['notifications']> {
    const rows = await this.database.query<NotificationRow>(
      `select n.id, n.event_type, n.tries,
         case when n.delivered_at is not null then 'delivered'
           when n.exhausted_at is not null then 'exhausted' else 'waiting' end as state,
         (select max(t.at) from orders.notification_try t where t.notification_id = n.id) as last_tried_at
       from orders.notification n
       where n.event_type in ('TRANSACTION.SUCCESS', 'REFUND.SUCCESS', 'REFUND.ABNORMAL', 'REFUND.CLOSED')
         and n.about in (select $1 union all select r.id from orders.refund r where r.order_id = $1)
       order by n.created_at, n.id`,
      [orderId],
    );
    return rows.map((row) => ({
      id: row.id,
      event: row.event_type,
      state: row.state,
      tries: row.tries,
      lastTriedAt: row.last_tried_at?.toISOString() ?? null,
    }));
  }
}

/** What is paid from a wallet never left us. */
function disputableOf({ method, paid_at: paidAt }: SummaryRow): string | null {
  if (paidAt === null || method === null || method === 'wallet') return null;
  return disputableUntil(method, paidAt)?.toISOString() ?? null;
}
