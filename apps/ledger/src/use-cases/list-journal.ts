import type { JournalPage } from '@stuiver/contracts';
import type { JournalQuestion, LedgerLookups } from './ledger-lookups.js';

/** All transfers in the order of their numbers, page by page: what an export reads. */
export class ListJournal {
  constructor(private readonly lookups: LedgerLookups) {}

  run(question: JournalQuestion): Promise<JournalPage> {
    return this.lookups.journal(question);
  }
}
