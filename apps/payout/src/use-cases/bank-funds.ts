import type { LedgerPort } from '@stuiver/contracts';
import { Money } from '@stuiver/money';
import { OUR_BANK } from './intents.js';
import type { PayoutStore } from './ports.js';

/** `allowed`: a batch may exceed what the paying account has. `approved`: only when another person of finance agreed. */
export type PrefundingRule = 'allowed' | 'approved';

/** What the paying account can bear: its booked balance, less what approved batches will take of it. */
export class BankFunds {
  constructor(
    private readonly store: Pick<PayoutStore, 'onItsWay' | 'totalOf'>,
    private readonly ledger: Pick<LedgerPort, 'account'>,
    readonly rule: PrefundingRule,
  ) {}

  /** The shortfall that somebody must agree to; zero where nobody is asked. @throws LedgerUnavailable. */
  async missingFor(batchId: string): Promise<Money> {
    return this.rule === 'allowed' ? Money.zero('EUR') : this.shortfallOf(batchId);
  }

  /** How much the batch exceeds it by; zero when it does not. @throws LedgerUnavailable. */
  async shortfallOf(batchId: string): Promise<Money> {
    const account = await this.ledger.account(`bank:${OUR_BANK}`);
    const booked = Money.ofMinor(BigInt(account?.balanceMinor ?? '0'), 'EUR');
    const free = booked.minus(await this.store.onItsWay(batchId));
    const missing = (await this.store.totalOf(batchId)).minus(free);
    return missing.minor > 0n ? missing : Money.zero('EUR');
  }
}
