import type { OrderSummary } from '@stuiver/console-api';
import { Money } from '@stuiver/money';

export interface SummaryRow {
  readonly id: string;
  readonly out_trade_no: string;
  readonly transaction_id: string | null;
  readonly description: string;
  readonly state: OrderSummary['state'];
  readonly method: OrderSummary['method'];
  readonly amount_minor: string;
  readonly fee_minor: string | null;
  readonly refunded_minor: string;
  readonly created_at: Date;
  readonly paid_at: Date | null;
}

/** Of `orders.payment_order o`. */
export const ORDER_COLUMNS = `o.id, o.out_trade_no, o.transaction_id, o.description, o.state, o.method, o.amount_minor,
  o.fee_minor, o.refunded_minor, o.created_at, o.paid_at`;

export function toSummary(row: SummaryRow): OrderSummary {
  return {
    orderId: row.id,
    outTradeNo: row.out_trade_no,
    transactionId: row.transaction_id,
    description: row.description,
    state: row.state,
    method: row.method,
    amountMinor: row.amount_minor,
    feeMinor: row.fee_minor,
    refundedMinor: row.refunded_minor,
    currency: 'EUR',
    createdAt: row.created_at.toISOString(),
    paidAt: row.paid_at?.toISOString() ?? null,
  };
}

/** `12,50`, `12.5` and `12` in minor units; null when it is no amount. */
export function minorOfSearch(text: string | null): string | null {
  const [, whole, cents = ''] = /^(\d{1,9})(?:[.,](\d{1,2}))?$/.exec(text ?? '') ?? [];
  if (whole === undefined) return null;
  return Money.parseMajor(`${whole}.${cents.padEnd(2, '0')}`, 'EUR').minor.toString();
}
