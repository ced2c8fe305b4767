export type OpenItemKind =
  | 'bank-line-without-match'
  | 'payout-not-on-bank'
  | 'psp-payout-not-on-bank'
  | 'psp-payout-not-taken-back'
  | 'payout-rejected'
  | 'payout-returned'
  | 'psp-transaction-without-booking'
  | 'booking-without-psp-transaction'
  | 'amount-differs'
  | 'duplicate-statement'
  | 'bank-answer-contradicts'
  | 'merchant-below-zero';

/** Whole days since it is open, as the calendar in Amsterdam counts them. */
export type ItemAge = '0-1' | '2-3' | '4-7' | '8-';

/** What a person found to be the cause. */
export type ItemReason =
  | 'on-its-way'
  | 'wrong-reference'
  | 'wrong-amount'
  | 'bank-error'
  | 'psp-error'
  | 'our-error'
  | 'party-asked'
  | 'other';

export interface ItemPerson {
  /** `stf_…` */
  readonly id: string;
  readonly name: string;
}

/**
 * `GET /console/finance/open-items?before=&kind=&owner=&age=&reason=`. `owner`: `me`, `nobody` or `stf_…`. An item closes
 * when its cause is gone; a `duplicate-statement` is closed by a person: `POST …/open-items/:id/close {note}`.
 */
export interface OpenItem {
  readonly openItemId: string;
  readonly kind: OpenItemKind;
  readonly since: string;
  /** Until then it is under way and no exception; null when a person must look now. */
  readonly dueAt: string | null;
  /** Signed; null when an amount means nothing for this kind. */
  readonly amountMinor: string | null;
  readonly currency: 'EUR';
  /** What it is about: `bank-line:…`, `payout:…`, `psp-payout:…`, `psp-transaction:…`, `statement:…`, `transfer:…`, `merchant:…`. */
  readonly subject: string;
  readonly explanation: string;
  readonly ageDays: number;
  readonly age: ItemAge;
  /** Who looks into it. */
  readonly owner: ItemPerson | null;
  readonly reason: ItemReason | null;
  /** An ISO day that finance set itself. */
  readonly deadline: string | null;
  readonly isLate: boolean;
  readonly comments: number;
}

/**
 * `GET /console/finance/open-items/:id`. `POST …/:id/notes {owner?, reason?, deadline?, comment?}` changes what is given and
 * leaves the rest; an empty text takes an owner, reason or deadline away.
 */
export interface OpenItemDetail extends OpenItem {
  /** Null while it is open. */
  readonly resolvedAt: string | null;
  readonly resolution: string | null;
  /** What was said, the last first: how the item stood afterwards. */
  readonly notes: readonly ItemNote[];
  /** Who may own it, the reader first. */
  readonly people: readonly ItemPerson[];
}

export interface ItemNote {
  readonly at: string;
  readonly by: ItemPerson;
  readonly owner: ItemPerson | null;
  readonly reason: ItemReason | null;
  readonly deadline: string | null;
  readonly comment: string | null;
}
