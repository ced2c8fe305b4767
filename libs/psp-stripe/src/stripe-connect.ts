import type Stripe from 'stripe';
import {
  type ConnectAccounts,
  type ConnectAccountStatus,
  type PspMerchantAccount,
  type PspMerchantAccounts,
  PspUnknownOutcome,
} from '@stuiver/psp';
import { inOurWords } from './outcomes.js';
import { StripeAccount } from './stripe-account.js';
import { stripeClient, stripeGate, type StripeOptions } from './stripe-client.js';

/** Metadata key under which Stripe keeps our merchant's id. */
const MERCHANT_KEY = 'stuiver_merchant';
const LIST_PAGE = 100;
const LISTED_MAX = 10_000;

/**
 * Merchants as Stripe's connected accounts: they sign up on Stripe's pages, Stripe knows who they are and pays them out.
 * Keys are forgotten after a day and merchants are not, so it is looked for before it is opened.
 */
export class StripeConnect implements ConnectAccounts, PspMerchantAccounts {
  private readonly stripe: Stripe;

  constructor(private readonly options: StripeOptions) {
    this.stripe = stripeClient({ ...options, gate: options.gate ?? stripeGate(options) }, 0);
  }

  async open(request: Parameters<ConnectAccounts['open']>[0]): Promise<string> {
    const { merchantId, name, idempotencyKey } = request;
    const found = await inOurWords(() => this.find(merchantId));
    if (found !== undefined) return found;
    const account = await inOurWords(() =>
      this.stripe.accounts.create(
        {
          type: 'express',
          country: 'NL',
          business_profile: { name },
          capabilities: {
            transfers: { requested: true },
            card_payments: { requested: true },
            ideal_payments: { requested: true },
          },
          metadata: { [MERCHANT_KEY]: merchantId },
        },
        { idempotencyKey },
      ),
    );
    return account.id;
  }

  async status(account: string): Promise<ConnectAccountStatus> {
    const found = await inOurWords(() => this.stripe.accounts.retrieve(account));
    return {
      takesPayments: found.charges_enabled,
      isPaidOut: found.payouts_enabled,
      missing: found.requirements?.currently_due ?? [],
    };
  }

  async setupLink(request: Parameters<ConnectAccounts['setupLink']>[0]): Promise<string> {
    const { account, returnUrl, refreshUrl } = request;
    const link = await inOurWords(() =>
      this.stripe.accountLinks.create({
        ...{ account, type: 'account_onboarding' },
        ...{ return_url: returnUrl, refresh_url: refreshUrl },
      }),
    );
    return link.url;
  }

  async list(): Promise<readonly PspMerchantAccount[]> {
    return inOurWords(async () => {
      const found: PspMerchantAccount[] = [];
      for await (const { id: account, metadata } of this.all()) {
        const merchantId = metadata?.[MERCHANT_KEY];
        if (merchantId === undefined) continue;
        const books = new StripeAccount(this.options, account);
        found.push({
          ...{ merchantId, account, balance: () => books.balance() },
          transactions: (page) => books.transactions(page),
        });
      }
      return found;
    });
  }

  private all(): Stripe.ApiListPromise<Stripe.Account> {
    return this.stripe.accounts.list({ limit: LIST_PAGE });
  }

  /** @throws PspUnknownOutcome when there are too many to say that it is not among them. */
  private async find(merchantId: string): Promise<string | undefined> {
    let seen = 0;
    for await (const { id, metadata } of this.all()) {
      if (metadata?.[MERCHANT_KEY] === merchantId) return id;
      seen += 1;
      if (seen >= LISTED_MAX) throw new PspUnknownOutcome('too many accounts to look through');
    }
    return undefined;
  }
}
