import type { BookedCommand, BookedTransfer } from '@stuiver/contracts';
import type { LedgerLookups } from './ledger-lookups.js';

/** One transfer by its number, or one command by its id, with all it did. Null when there is none. */
export class FindBooked {
  constructor(private readonly lookups: LedgerLookups) {}

  transfer(seq: string): Promise<BookedTransfer | null> {
    return this.lookups.transfer(seq);
  }

  command(id: string): Promise<BookedCommand | null> {
    return this.lookups.command(id.toLowerCase());
  }
}
