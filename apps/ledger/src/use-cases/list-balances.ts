import type { BalancesPage } from '@stuiver/contracts';
import type { BalancesQuestion, LedgerLookups } from './ledger-lookups.js';

/** Accounts with their balances, page by page in the order of their names. */
export class ListBalances {
  constructor(private readonly lookups: LedgerLookups) {}

  async run(question: BalancesQuestion): Promise<BalancesPage> {
    const found = await this.lookups.balances({ ...question, limit: question.limit + 1 });
    const balances = found.slice(0, question.limit);
    const last = balances.at(-1)?.account ?? null;
    return { balances, next: found.length > balances.length ? last : null };
  }
}
