import type { OpenItem, OpenItemKind } from '@stuiver/console-api';
import type { ListedItem } from '../postgres/open-items.js';

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
] as const satisfies readonly OpenItemKind[];

export function presentItem(item: ListedItem): OpenItem {
  return {
    openItemId: item.id,
    kind: item.kind as OpenItemKind,
    since: item.since.toISOString(),
    dueAt: item.due_at?.toISOString() ?? null,
    amountMinor: item.amount_minor,
    currency: item.currency,
    subject: item.subject,
    explanation: item.explanation,
  };
}
