/** `withdrawn`: the payer left, or the order ended otherwise. `lapsed`: nobody decided in time. */
export type ReviewState = 'waiting' | 'approved' | 'refused' | 'lapsed' | 'withdrawn';

export type RiskRule =
  | 'blocked-person'
  | 'blocked-merchant'
  | 'blocked-source'
  | 'person-attempts'
  | 'person-declines'
  | 'source-attempts'
  | 'merchant-attempts'
  | 'new-payee';

/** What the rules were judged on; counts go no further than their limit. */
export interface RiskFactsShown {
  readonly personAttempts: number;
  readonly personDeclines: number;
  readonly sourceAttempts: number;
  readonly merchantAttempts: number;
  readonly hasPaidMerchant: boolean;
}

/**
 * `GET /console/risk/reviews?before=&state=&q=`: a page of these, newest first; for finance and operators. `q`: the
 * beginning of an order's number or of a payer's id, or a part of the merchant's name.
 * `POST /console/risk/reviews/:id/approve` and `…/refuse` `{note}` decide; twice the same is once.
 */
export interface ReviewShown {
  readonly reviewId: string;
  readonly orderId: string;
  readonly outTradeNo: string;
  readonly description: string;
  readonly mchid: string;
  readonly merchantName: string;
  /** The payer's id; their name is theirs. */
  readonly userId: string;
  readonly method: 'wallet' | 'ideal' | 'card';
  readonly amountMinor: string;
  readonly currency: 'EUR';
  /** A rule with its version, such as `new-payee/1`. */
  readonly reasons: readonly `${RiskRule}/${number}`[];
  readonly facts: RiskFactsShown;
  readonly state: ReviewState;
  readonly openedAt: string;
  readonly deadlineAt: string;
  readonly decidedAt: string | null;
  /** The name of who decided; null: a rule, or nobody. */
  readonly decidedBy: string | null;
  readonly note: string | null;
}

export type BlockKind = 'person' | 'merchant' | 'source';

/**
 * `GET /console/risk/blocks`: all of them, newest first. `POST /console/risk/blocks {kind, value, reason}` adds one,
 * `POST /console/risk/blocks/lift` with the same takes it away.
 */
export interface BlockShown {
  readonly kind: BlockKind;
  readonly value: string;
  readonly reason: string;
  readonly blockedBy: string;
  readonly blockedAt: string;
}
