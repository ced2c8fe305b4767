import {
  type BooksAt,
  type BooksSpan,
  JOURNAL_TRANSFERS_MAX,
  type JournalPage,
  type LedgerBooks,
  type LedgerResult,
} from '@stuiver/contracts';
import type { ClosePeriod } from './close-period.js';
import type { LedgerLookups } from './ledger-lookups.js';

/** The general ledger as finance closes it, month by month. */
export class KeepBooks implements LedgerBooks {
  constructor(
    private readonly lookups: Pick<LedgerLookups, 'booksAt' | 'span' | 'journal'>,
    private readonly closing: ClosePeriod,
  ) {}

  booksAt(at: Date | null): Promise<BooksAt> {
    return this.lookups.booksAt(at);
  }

  span(): Promise<BooksSpan> {
    return this.lookups.span();
  }

  journal(page: { after: string; from: string; to: string }): Promise<JournalPage> {
    return this.lookups.journal({ ...page, account: null, limit: JOURNAL_TRANSFERS_MAX });
  }

  closePeriod(month: string): Promise<LedgerResult> {
    return this.closing.run(month);
  }
}
