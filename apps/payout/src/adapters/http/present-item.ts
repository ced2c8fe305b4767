import type {
  ItemAge,
  ItemNote,
  ItemPerson,
  ItemReason,
  OpenItem,
  OpenItemKind,
} from '@stuiver/console-api';

/** Every kind there is. */
export const OPEN_ITEM_KINDS = [
  'bank-line-without-match',
  'payout-not-on-bank',
  'psp-payout-not-on-bank',
  'psp-payout-not-taken-back',
  'payout-rejected',
  'payout-returned',
  'psp-transaction-without-booking',
  'booking-without-psp-transaction',
  'amount-differs',
  'duplicate-statement',
  'bank-answer-contradicts',
  'merchant-below-zero',
] as const satisfies readonly OpenItemKind[];

export const ITEM_AGES = ['0-1', '2-3', '4-7', '8-'] as const satisfies readonly ItemAge[];

export const ITEM_REASONS = [
  'on-its-way',
  'wrong-reference',
  'wrong-amount',
  'bank-error',
  'psp-error',
  'our-error',
  'party-asked',
  'other',
] as const satisfies readonly ItemReason[];

interface StandingRow {
  readonly owner_id: string | null;
  readonly owner_name: string | null;
  readonly reason_code: ItemReason | null;
  readonly deadline: string | null;
}

export interface ItemRow extends StandingRow {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly amount_minor: string | null;
  readonly currency: 'EUR';
  readonly explanation: string;
  readonly since: Date;
  readonly due_at: Date | null;
  readonly resolved_at: Date | null;
  readonly resolution: string | null;
  readonly age_days: number;
  readonly age: ItemAge;
  readonly is_late: boolean;
  readonly comments: number;
}

export interface NoteRow extends StandingRow {
  readonly at: Date;
  readonly by_id: string;
  readonly by_name: string;
  readonly comment: string | null;
}

export function presentItem(item: ItemRow): OpenItem {
  return {
    openItemId: item.id,
    kind: item.kind as OpenItemKind,
    since: item.since.toISOString(),
    dueAt: item.due_at?.toISOString() ?? null,
    amountMinor: item.amount_minor,
    currency: item.currency,
    subject: item.subject,
    explanation: item.explanation,
    ageDays: item.age_days,
    age: item.age,
    owner: personOf(item),
    reason: item.reason_code,
    deadline: item.deadline,
    isLate: item.is_late,
    comments: item.comments,
  };
}

export function presentNote(note: NoteRow): ItemNote {
  return {
    at: note.at.toISOString(),
    by: { id: note.by_id, name: note.by_name },
    owner: personOf(note),
    reason: note.reason_code,
    deadline: note.deadline,
    comment: note.comment,
  };
}

export function personOf({ owner_id: id, owner_name: name }: StandingRow): ItemPerson | null {
  return id === null ? null : { id, name: name ?? id };
}
