import type { AccountView } from '@stuiver/contracts';
import { placementOf } from '../domain/chart-of-accounts.js';
import type { LedgerReads } from './ledger-reads.js';

/** One account as it stands; null when nothing was ever booked on it. */
export class ViewAccount {
  constructor(private readonly reads: LedgerReads) {}

  run(code: string): Promise<AccountView | null> {
    return placementOf(code) === undefined ? Promise.resolve(null) : this.reads.account(code);
  }
}
