import type { TrialBalance } from '@stuiver/contracts';
import type { LedgerReads } from './ledger-reads.js';

/** The operator's own accounts come first; customers beyond this count in the totals and are not listed. */
const ACCOUNTS_LISTED_MAX = 10_000;

/** All debits against all credits, of one moment. */
export class TakeTrialBalance {
  constructor(private readonly reads: LedgerReads) {}

  run(): Promise<TrialBalance> {
    return this.reads.trialBalance(ACCOUNTS_LISTED_MAX);
  }
}
