import type { CounterDay, CounterPayment, TillOrder } from '@stuiver/console-api';
import type { Database } from '@stuiver/postgres';

interface TillRow {
  readonly id: string;
  readonly state: 'NOTPAY' | 'SUCCESS' | 'REFUND' | 'CLOSED';
  readonly amount_minor: string;
  readonly description: string;
  readonly close_reason: 'merchant' | 'expired' | null;
  readonly expires_at: Date;
  readonly paid_at: Date | null;
  readonly code: string | null;
  readonly is_being_paid: boolean;
}

interface PaymentRow {
  readonly id: string;
  readonly kind: CounterPayment['kind'];
  readonly description: string;
  readonly amount_minor: string;
  readonly refunded_minor: string;
  readonly paid_at: Date;
}

interface SumRow {
  readonly kind: CounterPayment['kind'];
  readonly count: number;
  readonly sum_minor: string;
  readonly refunded_minor: string;
}

const TILL_ORDER = `select o.id, o.state, o.amount_minor, o.description, o.close_reason, o.expires_at,
    o.paid_at, p.code, exists (select 1 from orders.attempt a where a.order_id = o.id
      and a.state in ('confirming', 'redirected', 'unknown')) as is_being_paid
  from orders.counter_order k
  join orders.payment_order o on o.id = k.order_id
  left join orders.prepay p on p.order_id = o.id and p.code is not null and p.retired_at is null`;
/** What was paid at one merchant's counter on a day in Amsterdam. */
const OF_THE_DAY = `from orders.counter_order k
  join orders.payment_order o on o.id = k.order_id
  where k.mchid = $1 and o.paid_at >= $2::date::timestamp at time zone 'Europe/Amsterdam'
    and o.paid_at < ($2::date + 1)::timestamp at time zone 'Europe/Amsterdam'`;
const PAYMENTS_MAX = 200;

/** The till as its page shows it. Every read names the merchant: another's order is not found. */
export class PostgresConsoleCounter {
  constructor(
    private readonly database: Database,
    private readonly publicUrl: string,
  ) {}

  async tillOrder(mchid: string, orderId: string, now: Date): Promise<TillOrder | undefined> {
    const sql = `${TILL_ORDER} where k.kind = 'till' and k.mchid = $1 and k.order_id = $2`;
    const [row] = await this.database.query<TillRow>(sql, [mchid, orderId]);
    return row && this.shown(row, now);
  }

  /** The cashier's latest order that can still be paid. */
  async openTillOrder(mchid: string, staffId: string, now: Date): Promise<TillOrder | null> {
    const [row] = await this.database.query<TillRow>(
      `${TILL_ORDER} where k.kind = 'till' and k.mchid = $1 and k.staff_id = $2
         and o.state = 'NOTPAY' and o.expires_at > $3
       order by k.created_at desc, k.order_id desc limit 1`,
      [mchid, staffId, now],
    );
    return row === undefined ? null : this.shown(row, now);
  }

  /** @param day  in Amsterdam. */
  async day(mchid: string, day: string): Promise<CounterDay> {
    const [sums, payments] = await Promise.all([this.sums(mchid, day), this.payments(mchid, day)]);
    return {
      day,
      totals: sums.map((row) => ({
        kind: row.kind,
        count: row.count,
        sumMinor: row.sum_minor,
        refundedMinor: row.refunded_minor,
      })),
      payments: payments.map((row) => ({
        orderId: row.id,
        kind: row.kind,
        description: row.description,
        amountMinor: row.amount_minor,
        refundedMinor: row.refunded_minor,
        paidAt: row.paid_at.toISOString(),
      })),
    };
  }

  private sums(mchid: string, day: string): Promise<SumRow[]> {
    return this.database.query<SumRow>(
      `select k.kind, count(*)::int as count, sum(o.amount_minor)::bigint as sum_minor,
         sum(o.refunded_minor)::bigint as refunded_minor ${OF_THE_DAY}
       group by k.kind order by k.kind desc`,
      [mchid, day],
    );
  }

  /** Newest first. */
  private payments(mchid: string, day: string): Promise<PaymentRow[]> {
    return this.database.query<PaymentRow>(
      `select o.id, k.kind, o.description, o.amount_minor, o.refunded_minor, o.paid_at ${OF_THE_DAY}
       order by o.paid_at desc, o.id desc limit $3`,
      [mchid, day, PAYMENTS_MAX],
    );
  }

  private shown(row: TillRow, now: Date): TillOrder {
    const state = stateOf(row, now);
    return {
      ...{ orderId: row.id, state, amountMinor: row.amount_minor, note: row.description },
      codeUrl: row.code === null || state !== 'waiting' ? null : `${this.publicUrl}/p/${row.code}`,
      expiresAt: row.expires_at.toISOString(),
      paidAt: row.paid_at?.toISOString() ?? null,
    };
  }
}

function stateOf(row: TillRow, now: Date): TillOrder['state'] {
  if (row.state === 'SUCCESS' || row.state === 'REFUND') return 'paid';
  if (row.state === 'CLOSED') return row.close_reason === 'merchant' ? 'cancelled' : 'expired';
  if (row.is_being_paid) return 'paying';
  return row.expires_at <= now ? 'expired' : 'waiting';
}
