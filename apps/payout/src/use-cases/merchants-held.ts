import type { LedgerPort } from '@stuiver/contracts';
import { Money } from '@stuiver/money';
import type { Clock } from '@stuiver/ports';
import type { PspMerchantAccounts } from '@stuiver/psp';
import { PSP } from './intents.js';
import type { TieOutRow } from './recon-ports.js';

/** What the PSP did and Order has not said yet changes with the next payment; for so long the same is under way. */
const UNDER_WAY_MS_MAX = 10 * 60_000;

/**
 * What the PSP holds for all merchants together, against the ledger's accounts of it. Payments are booked from Order's
 * facts, seconds after the PSP made them, so a difference is under way until it has been the same for ten minutes.
 */
export class MerchantsHeld {
  private differed: { readonly minor: bigint; readonly since: Date } | null = null;

  constructor(
    private readonly psp: PspMerchantAccounts,
    private readonly ledger: Pick<LedgerPort, 'account'>,
    private readonly clock: Clock,
  ) {}

  /** @throws LedgerUnavailable, PspUnknownOutcome. */
  async row(): Promise<TieOutRow> {
    let outside = Money.zero('EUR');
    let booked = 0n;
    for (const account of await this.psp.list()) {
      const { available, pending } = await account.balance();
      outside = outside.plus(available).plus(pending);
      const view = await this.ledger.account(`psp:${PSP}:acct:${account.merchantId}`);
      booked += BigInt(view?.balanceMinor ?? '0');
    }
    const ledger = Money.ofMinor(booked, 'EUR');
    return {
      name: 'psp-accounts',
      outside: { label: 'held by the PSP for merchants', amount: outside },
      ledger: { account: `psp:${PSP}:acct:*`, amount: ledger },
      explained: this.underWay(outside.minus(ledger)),
    };
  }

  private underWay(difference: Money): Money {
    const now = this.clock.now();
    const { minor } = difference;
    if (this.differed?.minor !== minor) this.differed = { minor, since: now };
    const age = now.getTime() - this.differed.since.getTime();
    return age < UNDER_WAY_MS_MAX ? difference : Money.zero('EUR');
  }
}
