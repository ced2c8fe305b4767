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
  'refund-requested',
  'person-erasure-begun',
  'person-erasure-cancelled',
  'person-erased',
  'settlement-begun',
  'settlement-link-given',
  'batch-prepared',
  'batch-approved',
  'batch-discarded',
  'batch-exported',
  'payout-rejected',
  'payee-kept',
  'payee-confirmed',
  'statement-imported',
  'bank-answer-imported',
  'bank-line-placed',
  'open-item-closed',
  'psp-payout-requested',
] as const;
export type AuditAct = (typeof AUDIT_ACTS)[number];

export type AuditSubject =
  | 'staff'
  | 'merchant'
  | 'mini-program'
  | 'notification'
  | 'refund'
  | 'person'
  | 'settlement'
  | 'batch'
  | 'payout'
  | 'bank-file'
  | 'bank-line'
  | 'open-item'
  | 'psp-payout';

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
