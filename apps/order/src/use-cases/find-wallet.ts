import type { LedgerPort } from '@stuiver/contracts';
import type { PayMethod } from '../domain/order.js';

export interface WalletBalance {
  readonly currency: 'EUR';
  readonly availableMinor: bigint;
  readonly heldMinor: bigint;
}

export interface HistoryItem {
  readonly id: string;
  readonly kind: 'payment' | 'refund' | 'top_up';
  /** Below zero for what the payer gave. */
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly at: Date;
  readonly title: string;
  readonly method: PayMethod;
  readonly state: string;
}

/** Where a page of history ended: what is older than this comes next. */
export interface HistoryCursor {
  readonly at: Date;
  readonly id: string;
}

export interface History {
  page(
    userId: string,
    page: { before: HistoryCursor | null; limit: number },
  ): Promise<readonly HistoryItem[]>;
}

/** What a payer owns here, from the only authority on it, and what happened to it. */
export class FindWallet {
  constructor(
    private readonly ledger: Pick<LedgerPort, 'account'>,
    private readonly pages: History,
  ) {}

  async balance(userId: string): Promise<WalletBalance> {
    const account = await this.ledger.account(`user:${userId}:wallet`);
    if (account === null) return { currency: 'EUR', availableMinor: 0n, heldMinor: 0n };
    const heldMinor = BigInt(account.heldMinor);
    const availableMinor = BigInt(account.balanceMinor) - heldMinor;
    return { currency: account.currency, availableMinor, heldMinor };
  }

  /** Newest first. `next` is null on the last page. */
  async history(
    userId: string,
    page: { before: HistoryCursor | null; limit: number },
  ): Promise<{ items: readonly HistoryItem[]; next: HistoryCursor | null }> {
    const found = await this.pages.page(userId, { ...page, limit: page.limit + 1 });
    const items = found.slice(0, page.limit);
    const last = items.at(-1);
    const next = found.length > page.limit && last !== undefined ? last : null;
    return { items, next: next && { at: next.at, id: next.id } };
  }
}
