import type { OpenHoldsPage } from '@stuiver/contracts';
import { placementOf } from '../domain/chart-of-accounts.js';
import type { LedgerLookups, OpenHoldsQuestion } from './ledger-lookups.js';

export const OPEN_HOLDS_MAX = 1_000;

/** What an account holds now, by the holds' ids. */
export class ListOpenHolds {
  constructor(private readonly lookups: LedgerLookups) {}

  async run(code: string, question: OpenHoldsQuestion): Promise<OpenHoldsPage> {
    if (placementOf(code) === undefined) return { holds: [], next: null };
    const holds = await this.lookups.openHolds(code, question);
    const isFull = holds.length === question.limit;
    return { holds, next: isFull ? (holds.at(-1)?.holdId ?? null) : null };
  }
}
