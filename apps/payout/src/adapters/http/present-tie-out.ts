import type { OpenItem, OpenItemKind, TieOut } from '@stuiver/console-api';
import { differenceOf } from '../../use-cases/tie-out.js';
import type { TieOutResult } from '../../use-cases/recon-ports.js';
import type { ListedItem } from '../postgres/open-items.js';

export function presentTieOut(result: TieOutResult): TieOut {
  return {
    at: result.at.toISOString(),
    explained: result.explained,
    rows: result.rows.map((row) => ({
      name: row.name,
      outside: { label: row.outside.label, amountMinor: row.outside.amount.minor.toString() },
      ledger: { account: row.ledger.account, amountMinor: row.ledger.amount.minor.toString() },
      differenceMinor: differenceOf(row).minor.toString(),
      explainedMinor: row.explained.minor.toString(),
    })),
  };
}

/** Every kind there is. */
export const OPEN_ITEM_KINDS = [
  'bank-line-without-match',
  'payout-not-on-bank',
  'psp-payout-not-on-bank',
  'payout-rejected',
  'payout-returned',
  'psp-transaction-without-booking',
  'booking-without-psp-transaction',
  'amount-differs',
  'duplicate-statement',
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
