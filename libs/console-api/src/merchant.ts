import type { FeeExplained } from './prices.js';

/**
 * `GET /console/merchants/:mchid/orders?before=&state=&q=&from=&to=`. `q`: the beginning of an order's number or
 * transaction, a word of its description, or an amount (`12,50`). `from` and `to`: days in Amsterdam, both included.
 */
export interface OrderSummary {
  readonly orderId: string;
  readonly outTradeNo: string;
  readonly transactionId: string | null;
  readonly description: string;
  readonly state: 'NOTPAY' | 'SUCCESS' | 'REFUND' | 'CLOSED';
  readonly method: 'wallet' | 'ideal' | 'card' | null;
  readonly amountMinor: string;
  readonly feeMinor: string | null;
  readonly refundedMinor: string;
  readonly currency: 'EUR';
  readonly createdAt: string;
  readonly paidAt: string | null;
}

/** `GET /console/merchants/:mchid/orders/:orderId` */
export interface OrderDetail extends OrderSummary {
  /** Null for an unpaid order, and for one that was paid while there was no price list. */
  readonly feeExplained: FeeExplained | null;
  readonly attempts: readonly {
    readonly attemptId: string;
    readonly state: string;
    readonly method: string | null;
    readonly pspReference: string | null;
    /** While we look at it: until when at the latest. Nothing was taken. */
    readonly heldUntil: string | null;
    readonly createdAt: string;
  }[];
  readonly refunds: readonly {
    readonly refundId: string;
    readonly outRefundNo: string;
    readonly state: string;
    readonly amountMinor: string;
    readonly createdAt: string;
  }[];
  /** Until when the payer's bank may take a paid order back; null: it is final, or not paid. */
  readonly disputableUntil: string | null;
  /** What the payer's bank takes back, or asks about. */
  readonly disputes: readonly OrderDispute[];
  readonly notifications: readonly {
    readonly id: string;
    readonly event: string;
    readonly state: string;
    readonly tries: number;
    readonly lastTriedAt: string | null;
  }[];
}

export interface OrderDispute {
  readonly disputeId: string;
  /** `inquiry`: only asked, no money has moved. `closed`: an inquiry that ended so. */
  readonly state: 'inquiry' | 'open' | 'won' | 'lost' | 'closed';
  /** The PSP's word for why. */
  readonly reason: string;
  readonly amountMinor: string;
  readonly openedAt: string;
  /** Until when the payer's bank takes an answer. */
  readonly evidenceDueAt: string | null;
  readonly withdrawnAt: string | null;
  readonly returnedAt: string | null;
  readonly endedAt: string | null;
}

/**
 * `POST /console/merchants/:mchid/orders/:orderId/refunds {amountMinor, reason, requestId}`. `requestId` is 8 to 40
 * letters, digits, `_` or `-`, new for each refund one means to make: the same one again is the same refund.
 */
export interface RefundAnswer {
  readonly refundId: string;
  readonly outRefundNo: string;
  readonly state: string;
}

export interface PayoutSummary {
  readonly payoutId: string;
  readonly settlementId: string;
  readonly merchantId: string;
  readonly batchId: string;
  readonly state: PayoutState;
  readonly amountMinor: string;
  readonly currency: 'EUR';
  readonly endToEndId: string;
  readonly ibanLast4: string;
  readonly createdAt: string;
  /** Why it was rejected or returned: the bank's code. */
  readonly reasonCode: string | null;
  /** What the bank last answered to the file: an ISO status, such as `ACSP`; null when nothing. */
  readonly bankStatus: string | null;
  /** Whether the payee's name fits the account (`RCVC` yes, `RVMC` nearly, `RVNM` no, `RVNA` not known); null: not said. */
  readonly payeeCheck: string | null;
  /** The same in English words; or why it was refused before it went to the bank. */
  readonly reason: string | null;
}

/** `settled`: the bank's statement shows it. `rejected`: the bank never paid. `returned`: paid, and it came back. */
export type PayoutState =
  'prepared' | 'approved' | 'exported' | 'settled' | 'rejected' | 'returned' | 'refused';

/** `GET /console/merchants/:mchid/settlements?before=` */
export interface SettlementSummary {
  readonly settlementId: string;
  readonly merchantId: string;
  readonly state: 'closing' | 'posted' | 'closed' | 'empty';
  readonly amountMinor: string | null;
  readonly currency: 'EUR';
  readonly createdAt: string;
  readonly closedAt: string | null;
  /** The last payout of it; an earlier one may have been refused or returned. */
  readonly payout: PayoutSummary | null;
}

/** `GET /console/merchants/:mchid/settlements/:id`; lines oldest first, all of them up to 5 000, then paged by `after`. */
export interface SettlementDetail extends SettlementSummary {
  readonly lines: readonly SettlementLine[];
  /** The `after` of the next page of lines. */
  readonly nextLine: string | null;
}

export interface SettlementLine {
  /** The pending account's version after this line: gap-free within a settlement. */
  readonly version: string;
  readonly purpose: string;
  /** Signed: what the merchant's claim changed by. */
  readonly amountMinor: string;
  /** Sum of the settlement's lines so far; the last equals the settlement's amount. */
  readonly runningMinor: string;
  readonly orderId: string | null;
  readonly outTradeNo: string | null;
  readonly transactionId: string | null;
  readonly description: string | null;
  readonly method: string | null;
  readonly outRefundNo: string | null;
  readonly transferSeq: string;
  readonly bookedAt: string;
}

/** `GET /console/merchants/:mchid/settlements/of-order/:orderId`: what an order moved on the merchant's account. */
export interface OrderTransfers {
  readonly lines: readonly (SettlementLine & { readonly settlementId: string | null })[];
}

/** `GET /console/merchants/:mchid/settlements/next`: what is paid out next, and what it is made of. */
export interface NextPayout {
  /** What came since the last settlement, signed, by what it is. */
  readonly parts: readonly {
    readonly purpose: string;
    readonly count: number;
    readonly amountMinor: string;
  }[];
  readonly openMinor: string;
  /** Settled, and in no payment file yet. */
  readonly closed: { readonly count: number; readonly sumMinor: string };
  /** In a file or at the bank. */
  readonly underWay: { readonly count: number; readonly sumMinor: string };
  readonly sumMinor: string;
  /** The bank sent the last payout back: nothing goes until the account is confirmed or changed; its code. */
  readonly sentBackCode: string | null;
  /** Of the account; null when none is known. */
  readonly ibanLast4: string | null;
  readonly nextCutOffAt: string;
  readonly nextBusinessDay: string;
  readonly terms: SettlementTermsAnswer;
  /** Why what came since is not settled today; null when it is. `not-yet`, `below-minimum` or `when-asked`. */
  readonly notSettled: string | null;
  /** The next day on which it has its turn; null when it is only asked for. */
  readonly nextTurn: string | null;
}

/** On which terms a merchant is settled. Version 0 is the standard, which nobody said. */
export interface SettlementTermsAnswer {
  readonly version: number;
  readonly every: 'day' | 'week' | 'month' | 'asked';
  /** With `week`: 1 is Monday; with `month`: the day, or the last one of a shorter month. */
  readonly onDay: number | null;
  readonly minimumMinor: string;
  readonly currency: 'EUR';
  readonly reason: string | null;
  readonly byName: string | null;
  readonly at: string | null;
}

/** `GET /console/merchants/:mchid/psp-account`. Null where the host itself holds the merchants' money. */
export interface PspAccountAnswer {
  readonly account: {
    readonly takesPayments: boolean;
    readonly isPaidOut: boolean;
    /** What the PSP still wants to know, in its own words; empty: nothing. */
    readonly missing: readonly string[];
  } | null;
}

/** `POST /console/merchants/:mchid/psp-account/links`. A page of the PSP's, good once and for minutes. */
export interface PspAccountLink {
  readonly url: string;
}
