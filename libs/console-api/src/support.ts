import type { OrderSummary } from './merchant.js';

/**
 * `GET /console/support/orders?before=&q=&from=&to=`: a page of these, of every merchant, newest first. `q`: an order's,
 * transaction's, attempt's or refund's number, the PSP's reference of either, or an amount (`12,50`).
 */
export interface FoundOrder extends OrderSummary {
  readonly mchid: string;
  readonly merchantName: string;
}

/**
 * `GET /console/support/unknown`: `{items}`, what nobody knows the end of yet, the oldest first. `POST …/unknown/{kind}/:id/ask {}`
 * asks now and answers `{item}`; null when its end is known now.
 */
export interface UnknownOutcome {
  readonly kind: 'attempt' | 'refund' | 'top-up';
  readonly id: string;
  /** As we know it: `confirming`, `redirected`, `unknown`, `requested`, `processing`. */
  readonly state: string;
  readonly method: string | null;
  readonly amountMinor: string;
  readonly pspReference: string | null;
  /** Null for a top-up. */
  readonly mchid: string | null;
  readonly orderId: string | null;
  readonly outTradeNo: string | null;
  readonly since: string;
  readonly askedCount: number;
  /** When it is asked about next, by itself. */
  readonly nextAskAt: string | null;
  /** For more than a day: a person must find out. */
  readonly isException: boolean;
}
