import type { DaySummary } from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';
import { placementOf } from '../domain/chart-of-accounts.js';
import type { DaysPage, LedgerLookups } from './ledger-lookups.js';

export const DAYS_LISTED_MAX = 1_000;

/** What an account moved day by day, with the balance at the end of each. Days without transfers are left out. */
export class ListDays {
  constructor(private readonly lookups: LedgerLookups) {}

  /** @throws Refusal PARAM_ERROR */
  async run(code: string, page: DaysPage): Promise<readonly DaySummary[]> {
    if (page.from > page.to) {
      const rule = `must not lie before the first day, ${page.from}`;
      throw new Refusal('PARAM_ERROR', { field: 'to', rule, value: page.to });
    }
    return placementOf(code) === undefined ? [] : this.lookups.days(code, page);
  }
}
