import type { LedgerCommand } from '@stuiver/contracts';
import { commandIdOf } from '@stuiver/ids';
import type { Clock, CrashPoints } from '@stuiver/ports';
import type { PspMerchantAccount, PspMerchantAccounts, PspTransaction } from '@stuiver/psp';
import { PSP } from './intents.js';
import type { Intent } from './recon-ports.js';

export interface ConnectedPage {
  readonly merchantId: string;
  /** Where the page begins. */
  readonly after: string | null;
  readonly transactions: readonly PspTransaction[];
  readonly intents: readonly Intent[];
}

export interface ConnectedStore {
  /** The last transaction that was imported of this account, which is new or this merchant's. */
  cursor(account: {
    readonly merchantId: string;
    readonly account: string;
  }): Promise<string | null>;
  /** The page and the place after it, or nothing. @returns false when another process was faster. */
  keepPage(page: ConnectedPage, at: Date): Promise<boolean>;
}

const TRANSACTIONS_PER_PAGE = 100;

/**
 * Follows each connected account: that the PSP paid a merchant, or that such a payout came back, is a fact for the books.
 * Payments, refunds and our fee are booked from Order's facts.
 */
export class FollowMerchantAccounts {
  constructor(
    private readonly store: ConnectedStore,
    private readonly psp: PspMerchantAccounts,
    private readonly tools: { clock: Clock; crash: CrashPoints },
  ) {}

  /** @returns how many transactions were new. @throws PspUnknownOutcome; the next run goes on. */
  async run(): Promise<number> {
    let count = 0;
    for (const account of await this.psp.list()) count += await this.follow(account);
    return count;
  }

  private async follow(account: PspMerchantAccount): Promise<number> {
    const { merchantId } = account;
    let count = 0;
    for (;;) {
      const after = await this.store.cursor(account);
      const page = await account.transactions({ after, limit: TRANSACTIONS_PER_PAGE });
      if (page.length === 0) return count;
      const intents = page.flatMap((transaction) => intentOf(merchantId, transaction));
      const kept = { merchantId, after, transactions: page, intents };
      if (await this.store.keepPage(kept, this.tools.clock.now())) count += page.length;
      this.tools.crash.pass('payout.merchant-page-imported');
    }
  }
}

function intentOf(merchantId: string, transaction: PspTransaction): Intent[] {
  const { id, kind, net, createdAt, pspReference } = transaction;
  if (kind !== 'payout' && kind !== 'payout-failure') return [];
  const name = kind === 'payout' ? 'psp-merchant-payout' : 'psp-merchant-payout-failure';
  const minor = net.minor < 0n ? -net.minor : net.minor;
  const command: LedgerCommand = {
    kind: name,
    id: commandIdOf(name, id),
    effectiveAt: createdAt.toISOString(),
    merchantId,
    pspTransactionId: id,
    pspPayoutId: pspReference ?? id,
    psp: PSP,
    amountMinor: minor.toString(),
    currency: net.currency,
  };
  return [{ command, bankLineId: null, pspTransactionId: id, end: null }];
}
