import type { JournalPage, LedgerBooks } from '@stuiver/contracts';
import { Money } from '@stuiver/money';
import { firstDayOf, lastDayOf, type Month } from '../../domain/month.js';
import { csvRow } from '../file/csv-row.js';

const COLUMNS = [
  'transfer',
  'effective_at',
  'booked_at',
  'happened_at',
  'command',
  'kind',
  'purpose',
  'debit',
  'credit',
  'amount_eur',
];

/** Every transfer that took effect in a month, in the order of booking; in pieces. @throws LedgerUnavailable */
export async function* journalCsv(
  books: Pick<LedgerBooks, 'journal'>,
  month: Month,
): AsyncGenerator<string, void, undefined> {
  yield csvRow(COLUMNS);
  const days = { from: firstDayOf(month), to: lastDayOf(month) };
  for (let after: string | null = '0'; after !== null;) {
    const page: JournalPage = await books.journal({ after, ...days });
    if (page.transfers.length > 0) yield page.transfers.map(lineOf).join('');
    after = page.next;
  }
}

function lineOf(transfer: JournalPage['transfers'][number]): string {
  return csvRow([
    transfer.seq,
    transfer.effectiveAt,
    transfer.bookedAt,
    transfer.ownEffectiveAt ?? transfer.effectiveAt,
    transfer.commandId,
    transfer.commandKind,
    transfer.purpose,
    transfer.debit,
    transfer.credit,
    Money.ofMinor(BigInt(transfer.amountMinor), transfer.currency).toMajorText(),
  ]);
}
