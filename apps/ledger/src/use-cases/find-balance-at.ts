import type { BalanceAt } from '@stuiver/contracts';
import { placementOf } from '../domain/chart-of-accounts.js';
import type { LedgerLookups, MomentQuestion } from './ledger-lookups.js';

/** One account as it stood at a moment, by when it was booked or by when it happened. */
export class FindBalanceAt {
  constructor(private readonly lookups: LedgerLookups) {}

  /** Null when nothing was ever booked on the account. */
  run(code: string, question: MomentQuestion): Promise<BalanceAt | null> {
    return placementOf(code) === undefined
      ? Promise.resolve(null)
      : this.lookups.balanceAt(code, question);
  }
}
