import type { Actor } from './acting.js';

/** What staff and operators can do that changes something: every word that the audit trail knows. */
export const AUDIT_ACTS = [
  'signed-in',
  'signed-out',
  'sign-in-refused',
  'password-set',
  'staff-invited',
  'staff-changed',
  'merchant-created',
  'merchant-certificate-added',
  'merchant-api-key-set',
  'merchant-psp-account-opened',
  'mini-program-registered',
  'mini-program-changed',
  'notification-replayed',
  'till-order-opened',
  'till-order-cancelled',
  'counter-code-made',
  'counter-code-switched-on',
  'counter-code-switched-off',
  'payment-link-made',
  'payment-link-withdrawn',
  'refund-requested',
  'person-erasure-begun',
  'person-erasure-cancelled',
  'person-erased',
  'settlement-begun',
  'settlement-terms-said',
  'settlement-link-given',
  'batch-prepared',
  'batch-approved',
  'prefunding-approved',
  'batch-discarded',
  'batch-exported',
  'payout-rejected',
  'payee-kept',
  'payee-confirmed',
  'payee-change-asked',
  'payee-change-approved',
  'payee-change-refused',
  'payee-change-withdrawn',
  'month-prepared',
  'month-close-agreed',
  'month-closed',
  'statement-imported',
  'bank-answer-imported',
  'bank-line-placed',
  'bank-line-unmatched',
  'write-off-asked',
  'write-off-approved',
  'write-off-refused',
  'write-off-withdrawn',
  'open-item-closed',
  'open-item-noted',
  'psp-payout-requested',
  'prices-proposed',
  'prices-approved',
  'prices-rejected',
  'fee-invoice-issued',
  'risk-blocked',
  'risk-block-lifted',
  'review-approved',
  'review-refused',
] as const;
export type AuditAct = (typeof AUDIT_ACTS)[number];

export type AuditSubject =
  | 'staff'
  | 'merchant'
  | 'mini-program'
  | 'notification'
  | 'order'
  | 'counter-code'
  | 'payment-link'
  | 'refund'
  | 'person'
  | 'settlement'
  | 'batch'
  | 'payout'
  | 'payee-change'
  | 'month'
  | 'bank-file'
  | 'bank-line'
  | 'open-item'
  | 'psp-payout'
  | 'prices'
  | 'fee-invoice'
  | 'risk-block'
  | 'review';

/** Facts of before or after: ids, states, amounts in minor units as text, hashes. Never a name, an address or a secret. */
export type AuditFacts = Readonly<
  Record<string, string | number | boolean | null | readonly string[]>
>;

/** One act, as the trail keeps it. Who, from where and in which request are known of the request in hand. */
export interface AuditEntry {
  readonly act: AuditAct;
  readonly subject: { readonly kind: AuditSubject; readonly id: string };
  readonly before?: AuditFacts;
  readonly after?: AuditFacts;
  /** Why, in the person's words. */
  readonly reason?: string;
  /** Absent: whoever the request is of. */
  readonly actor?: Actor;
}

/** Puts an act on record in the transaction that does it: both are there, or neither. */
export interface AuditWrites {
  audit(entry: AuditEntry): Promise<void>;
}
