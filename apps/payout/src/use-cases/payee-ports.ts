import type { AuditWrites } from '@stuiver/ports';
import type { Fact, Payee, Person } from './ports.js';

/** `approved` waits for the end of its cool-off; only `asked` and `approved` are open. */
export type PayeeChangeState =
  'asked' | 'approved' | 'in-use' | 'refused' | 'withdrawn' | 'expired';

/** What the bank says to the name on the account: it fits, nearly, it is not known. What does not fit is not agreed to. */
export const PAYEE_CHECKS = ['RCVC', 'RVMC', 'RVNA'] as const;
export type PayeeCheck = (typeof PAYEE_CHECKS)[number];

export interface PayeeChange {
  readonly id: string;
  readonly merchantId: string;
  readonly state: PayeeChangeState;
  readonly ibanLast4: string;
  /** Hex, over what is sealed: what the second person agrees to. */
  readonly detailsSha256: string;
  readonly askedBy: Person;
  readonly askedAt: Date;
  /** Over by then when nobody agreed. */
  readonly expiresAt: Date;
  readonly approvedBy: Person | null;
  /** The end of its cool-off; null until it is approved. */
  readonly useFrom: Date | null;
  readonly payeeCheck: PayeeCheck | null;
  readonly endedAt: Date | null;
  /** Who refused or withdrew it. */
  readonly endedBy: Person | null;
}

/** Sealed as it will be kept. */
export interface SealedDetails {
  readonly merchantId: string;
  readonly name: Buffer;
  readonly iban: Buffer;
  readonly ibanLast4: string;
}

export interface PayeeChangeWrites extends AuditWrites {
  lock(id: string): Promise<PayeeChange | undefined>;
  /** @throws Refusal STATE_CONFLICT when the merchant's payee is changing already. */
  insert(change: { id: string; details: SealedDetails; by: Person; at: Date }): Promise<void>;
  /** Another person agrees to these details. The cool-off begins; a merchant's first payee needs none. */
  saveApproved(
    change: PayeeChange,
    approval: { by: Person; at: Date; payeeCheck: PayeeCheck },
  ): Promise<void>;
  saveEnded(
    id: string,
    end: { state: 'refused' | 'withdrawn' | 'expired'; by: Person | null; at: Date },
  ): Promise<void>;
  /** The merchant is paid there from now on; what was before goes on record. */
  use(change: PayeeChange, at: Date): Promise<void>;
  say(fact: Fact): Promise<void>;
}

export interface PayeeChanges {
  run<T>(work: (writes: PayeeChangeWrites) => Promise<T>): Promise<T>;
  seal(payee: Payee): Promise<SealedDetails>;
  find(id: string): Promise<PayeeChange | undefined>;
  /** What is open for a merchant, and the details it asks for. */
  open(merchantId: string): Promise<{ change: PayeeChange; payee: Payee } | undefined>;
  /** Approved ones whose cool-off is over, and asked ones that nobody agreed to in time. */
  due(at: Date): Promise<readonly string[]>;
}
