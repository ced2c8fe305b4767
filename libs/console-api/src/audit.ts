export type AuditAct =
  | 'signed-in'
  | 'signed-out'
  | 'sign-in-refused'
  | 'password-set'
  | 'staff-invited'
  | 'staff-changed'
  | 'merchant-created'
  | 'merchant-certificate-added'
  | 'merchant-api-key-set'
  | 'merchant-psp-account-opened'
  | 'mini-program-registered'
  | 'mini-program-changed'
  | 'notification-replayed'
  | 'till-order-opened'
  | 'till-order-cancelled'
  | 'counter-code-made'
  | 'counter-code-switched-on'
  | 'counter-code-switched-off'
  | 'payment-link-made'
  | 'payment-link-withdrawn'
  | 'refund-requested'
  | 'person-erasure-begun'
  | 'person-erasure-cancelled'
  | 'person-erased'
  | 'settlement-begun'
  | 'settlement-link-given'
  | 'batch-prepared'
  | 'batch-approved'
  | 'prefunding-approved'
  | 'batch-discarded'
  | 'batch-exported'
  | 'payout-rejected'
  | 'payee-kept'
  | 'payee-confirmed'
  | 'settlement-terms-said'
  | 'payee-change-asked'
  | 'payee-change-approved'
  | 'payee-change-refused'
  | 'payee-change-withdrawn'
  | 'month-prepared'
  | 'month-close-agreed'
  | 'month-closed'
  | 'statement-imported'
  | 'bank-answer-imported'
  | 'bank-line-placed'
  | 'bank-line-unmatched'
  | 'write-off-asked'
  | 'write-off-approved'
  | 'write-off-refused'
  | 'write-off-withdrawn'
  | 'open-item-closed'
  | 'open-item-noted'
  | 'psp-payout-requested'
  | 'prices-proposed'
  | 'prices-approved'
  | 'prices-rejected'
  | 'fee-invoice-issued'
  | 'risk-blocked'
  | 'risk-block-lifted'
  | 'review-approved'
  | 'review-refused';

/** Which chain: what Order keeps (staff, merchants, refunds), what Payout keeps, and what was done about payers. */
export type AuditBook = 'orders' | 'payout' | 'people';

/**
 * `GET /console/audit/{orders|people}` and `GET /console/finance/audit`, both
 * `?before=&act=&actor=&subject=&from=&to=`: a page of these, newest first; for finance and operators. `actor`: a staff
 * id, `operator` or `system`; `from` and `to` are days in Amsterdam, both included; `before` an entry's number.
 */
export interface AuditRecord {
  /** In its chain, from one, without a gap. */
  readonly no: string;
  readonly at: string;
  readonly actorKind: 'staff' | 'operator' | 'system';
  /** A staff id. */
  readonly actorId: string | null;
  readonly act: AuditAct;
  readonly subjectKind: string;
  readonly subjectId: string;
  /** JSON of the facts before and after. */
  readonly before: string | null;
  readonly after: string | null;
  readonly reason: string | null;
  readonly requestId: string | null;
  readonly ip: string | null;
  readonly hash: string;
}
