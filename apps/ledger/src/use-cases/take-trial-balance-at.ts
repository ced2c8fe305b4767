import type { TrialBalanceAt } from '@stuiver/contracts';
import type { LedgerLookups, MomentQuestion } from './ledger-lookups.js';

const ACCOUNTS_LISTED_MAX = 10_000;

/** All debits against all credits as they stood at a moment, on either clock. */
export class TakeTrialBalanceAt {
  constructor(private readonly lookups: LedgerLookups) {}

  run(question: MomentQuestion): Promise<TrialBalanceAt> {
    return this.lookups.trialBalanceAt(question, ACCOUNTS_LISTED_MAX);
  }
}
