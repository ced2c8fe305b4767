import type { PspAccount } from './pay-out.js';

/** One merchant's connected account: its own balance, and what changed it. */
export interface PspMerchantAccount extends Pick<PspAccount, 'transactions' | 'balance'> {
  readonly merchantId: string;
  /** The PSP's id of it. */
  readonly account: string;
}

/** Every connected account that was opened for a merchant of ours, as Payout follows them. */
export interface PspMerchantAccounts {
  /** @throws PspUnknownOutcome */
  list(): Promise<readonly PspMerchantAccount[]>;
}
