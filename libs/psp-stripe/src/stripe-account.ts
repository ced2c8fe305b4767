import type Stripe from 'stripe';
import { invariant } from '@stuiver/errors';
import { Money } from '@stuiver/money';
import type { PspAccount, PspPayoutState, PspTransaction } from '@stuiver/psp';
import { inOurWords, isKeySpent, undefinedWhenAbsent } from './outcomes.js';
import { PaymentGroups } from './payment-groups.js';
import { stripeClient, stripeGate, type StripeOptions } from './stripe-client.js';
import { PAYOUT_KEY } from './translate.js';
import { toPayoutState, toTransaction } from './translate-account.js';
import { verifiedEvent } from './webhook.js';

/** Stripe's own limit. */
const PAGE_MAX = 100;
/**
 * A transaction may be seen after one that was made later: for so long after its second nothing is believed to be
 * complete, and the cursor does not go past it.
 */
const SETTLING_SECONDS = { stripe: 30, sandbox: 2 } as const;
/** Stripe opened in 2011: no account has anything older. */
const FIRST_SECOND = 1_300_000_000;
const PAYOUTS_LOOKED_AT_MAX = 100;

/** What Payout asks Stripe, with a key that may read balances and pay out. Nothing is retried here: the caller knows when. */
export class StripeAccount implements PspAccount {
  private readonly stripe: Stripe;

  /** @param account  whose balance it is: a connected account's; absent: the platform's own. */
  constructor(
    private readonly options: StripeOptions,
    private readonly account?: string,
  ) {
    this.stripe = stripeClient({ ...options, gate: options.gate ?? stripeGate(options) }, 0);
  }

  /** Stripe lists the newest first; the page that ends before a transaction holds its nearest followers. */
  async transactions(page: {
    readonly after: string | null;
    readonly limit: number;
  }): Promise<readonly PspTransaction[]> {
    const limit = Math.min(page.limit, PAGE_MAX);
    invariant(limit >= 1, 'a page holds at least one');
    if (page.after !== null) return this.followers(page.after, limit);
    const oldest = await this.oldest();
    if (oldest === undefined) return [];
    if (limit === 1) return [oldest];
    return [oldest, ...(await this.followers(oldest.id, limit - 1))];
  }

  async balance(): Promise<{ readonly available: Money; readonly pending: Money }> {
    const { available, pending } = await inOurWords(() =>
      this.stripe.balance.retrieve({}, this.behalf),
    );
    return { available: inEuros(available), pending: inEuros(pending) };
  }

  async payOut(request: Parameters<PspAccount['payOut']>[0]): Promise<PspPayoutState> {
    const { amount, reference, idempotencyKey } = request;
    try {
      const payout = await inOurWords(() =>
        this.stripe.payouts.create(
          {
            amount: amount.toJsonInteger(),
            currency: amount.currency.toLowerCase(),
            metadata: { [PAYOUT_KEY]: reference },
          },
          { idempotencyKey },
        ),
      );
      return toPayoutState(payout);
    } catch (error) {
      const found = isKeySpent(error) ? await this.payoutOf(reference) : undefined;
      if (found === undefined) throw error;
      return found;
    }
  }

  async findPayout(pspPayoutId: string): Promise<PspPayoutState | undefined> {
    const payout = await inOurWords(() => this.stripe.payouts.retrieve(pspPayoutId)).catch(
      undefinedWhenAbsent,
    );
    return payout === undefined ? undefined : toPayoutState(payout);
  }

  readWebhook(message: Parameters<PspAccount['readWebhook']>[0]): {
    readonly pspEventId: string;
    readonly concernsBalance: boolean;
  } {
    const { webhookSecret: secret, clock } = this.options;
    const { id, type } = verifiedEvent({ ...message, secret, now: clock.now() });
    return { pspEventId: id, concernsBalance: MOVES_BALANCE.test(type) };
  }

  private async followers(after: string, limit: number): Promise<readonly PspTransaction[]> {
    return this.settled({ ending_before: after, limit });
  }

  /** One page, oldest first, up to the first that is too new to say that nothing comes before it. */
  private async settled(
    query: Stripe.BalanceTransactionListParams,
  ): Promise<readonly PspTransaction[]> {
    const list = await this.list(query);
    const until = this.settledUntil(list.lastResponse);
    const found = [...list.data].reverse();
    const fresh = found.findIndex(({ created }) => created > until);
    return this.translated(found.slice(0, fresh === -1 ? found.length : fresh));
  }

  private async translated(
    page: readonly Stripe.BalanceTransaction[],
  ): Promise<readonly PspTransaction[]> {
    // Only on the platform's balance does one payment move money more than once.
    const groups = this.account === undefined ? new PaymentGroups(this.stripe, page) : undefined;
    const found: PspTransaction[] = [];
    for (const transaction of page) {
      found.push(toTransaction(transaction, (await groups?.of(transaction)) ?? null));
    }
    return found;
  }

  /** By the PSP's clock, which made the transactions, and not by ours. */
  private settledUntil({ headers }: { readonly headers: Record<string, string> }): number {
    const stated = Date.parse(headers['date'] ?? '');
    const now = Number.isNaN(stated) ? this.options.clock.now().getTime() : stated;
    const settling = SETTLING_SECONDS[this.options.apiBase === null ? 'stripe' : 'sandbox'];
    return Math.floor(now / 1_000) - settling;
  }

  /** The first transaction there is: the second it was made in is found by halving, then that second is read. */
  private async oldest(): Promise<PspTransaction | undefined> {
    const [newest] = (await this.list({ limit: 1 })).data;
    if (newest === undefined) return undefined;
    let [low, high] = [FIRST_SECOND, newest.created];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const { data } = await this.list({ created: { lte: middle }, limit: 1 });
      if (data.length > 0) high = middle;
      else low = middle + 1;
    }
    const query = { created: { lte: high }, limit: PAGE_MAX };
    let page = await this.settled(query);
    let [first] = page;
    // More than a page in one second: on to its end, which is the beginning.
    while (page.length === PAGE_MAX && first !== undefined) {
      page = await this.settled({ ...query, starting_after: first.id });
      first = page[0] ?? first;
    }
    return first;
  }

  private get behalf(): Stripe.RequestOptions {
    return this.account === undefined ? {} : { stripeAccount: this.account };
  }

  private list(
    query: Stripe.BalanceTransactionListParams,
  ): Promise<Stripe.Response<Stripe.ApiList<Stripe.BalanceTransaction>>> {
    return inOurWords(() =>
      this.stripe.balanceTransactions.list({ ...query, expand: ['data.source'] }, this.behalf),
    );
  }

  private async payoutOf(reference: string): Promise<PspPayoutState | undefined> {
    const { data } = await inOurWords(() =>
      this.stripe.payouts.list({ limit: PAYOUTS_LOOKED_AT_MAX }),
    );
    const found = data.find(({ metadata }) => metadata?.[PAYOUT_KEY] === reference);
    return found === undefined ? undefined : toPayoutState(found);
  }
}

/** Events after which there may be something new to fetch. */
const MOVES_BALANCE = /^(payout|balance|charge|refund|transfer|topup|application_fee)\./;

function inEuros(amounts: readonly { amount: number; currency: string }[]): Money {
  return amounts
    .filter(({ currency }) => currency === 'eur')
    .reduce((sum, { amount }) => sum.plus(Money.ofMinor(BigInt(amount), 'EUR')), Money.zero('EUR'));
}
