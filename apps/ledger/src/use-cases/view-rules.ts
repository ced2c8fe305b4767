import type { AccountRules } from '@stuiver/contracts';
import { placementOf } from '../domain/chart-of-accounts.js';
import type { LedgerLookups } from './ledger-lookups.js';

/** An account's terms and the velocity limits about it; null when nothing was ever booked on it. */
export class ViewRules {
  constructor(private readonly lookups: LedgerLookups) {}

  async run(code: string): Promise<AccountRules | null> {
    return placementOf(code) === undefined ? null : this.lookups.rules(code);
  }
}
