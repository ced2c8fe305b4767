/**
 * `POST /console/merchants/:mchid/till/orders {amountMinor, note?, requestId}`, `GET …/till/orders/:orderId?wait_ms=&seen=`,
 * `POST …/till/orders/:orderId/cancel`. `paying`: the payer is at the bank, or has just confirmed.
 */
export interface TillOrder {
  readonly orderId: string;
  readonly state: 'waiting' | 'paying' | 'paid' | 'cancelled' | 'expired';
  readonly amountMinor: string;
  readonly note: string;
  /** What the QR code says, while somebody may scan it. */
  readonly codeUrl: string | null;
  readonly expiresAt: string;
  readonly paidAt: string | null;
}

/** `GET /console/merchants/:mchid/till`: what the cashier was doing, and today. */
export interface TillNow {
  readonly open: TillOrder | null;
  readonly today: CounterDay;
}

/** One payment that came in at the counter. */
export interface CounterPayment {
  readonly orderId: string;
  readonly kind: 'till' | 'static' | 'link';
  readonly description: string;
  readonly amountMinor: string;
  readonly refundedMinor: string;
  readonly paidAt: string;
}

/** `GET /console/merchants/:mchid/till/days/:day`. Sums are of all payments; the list is of the latest 200. */
export interface CounterDay {
  /** In Amsterdam, `2026-11-24`. */
  readonly day: string;
  readonly totals: readonly {
    readonly kind: CounterPayment['kind'];
    readonly count: number;
    readonly sumMinor: string;
    readonly refundedMinor: string;
  }[];
  /** Newest first. */
  readonly payments: readonly CounterPayment[];
}

/**
 * `GET /console/merchants/:mchid/codes?kind=&before=`, newest first; `GET …/codes/:codeId`; `POST …/codes {kind,
 * description, requestId, amountMinor? | minMinor? maxMinor?, paymentsMax?, expiresAt?}`.
 */
export interface CounterCodeSummary {
  readonly codeId: string;
  readonly kind: 'static' | 'link';
  readonly merchantName: string;
  readonly state: 'open' | 'paid' | 'expired' | 'withdrawn';
  readonly description: string;
  /** What the payer opens. */
  readonly url: string;
  /** Null where the payer types it, between the two that follow. */
  readonly amountMinor: string | null;
  readonly minMinor: string | null;
  readonly maxMinor: string | null;
  /** Null for printed codes. */
  readonly paymentsMax: number | null;
  readonly expiresAt: string | null;
  readonly createdAt: string;
  readonly paidCount: number;
  readonly paidMinor: string;
}

/** `POST …/codes/:codeId/switch {on}`. A link is withdrawn for ever. */
export interface SwitchedCounterCode {
  readonly code: CounterCodeSummary;
  /** Payments that are under way all the same. */
  readonly underWay: number;
}
