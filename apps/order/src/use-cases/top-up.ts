import { LedgerUnavailable, type LedgerPort, topUpCommand } from '@stuiver/contracts';
import { invariant, Refusal } from '@stuiver/errors';
import { newId } from '@stuiver/ids';
import { Money } from '@stuiver/money';
import type { Clock, Random } from '@stuiver/ports';
import { nextAskAt, UNKNOWN_MS_MAX } from '../domain/ask-ladder.js';
import { mayTopUpBecome, type TopUp, type TopUpState } from '../domain/top-up.js';
import { moneyText } from './money-facts.js';
import { notOffered } from './not-offered.js';
import type { OrderStore, OrderWrites, Wake } from './ports.js';
import type { PspAnswer, PspPayments } from './psp-payments.js';

export interface TopUpRequest {
  readonly userId: string;
  readonly amountMinor: bigint;
  readonly method: 'ideal' | 'card';
  /** The PSP's own name of a test card; sandbox only. */
  readonly cardToken: string | null;
}

const TOP_UP_MINOR_MIN = 100n;
const TOP_UP_MINOR_MAX = 1_000_000n;
const OPEN: readonly TopUpState[] = ['confirming', 'redirected', 'unknown'];

/** Brings a payer's own money into their wallet through the PSP. Recorded first, asked about until it is known. */
export class TopUpWallet {
  constructor(
    private readonly orders: Pick<OrderStore, 'run' | 'topUp'>,
    private readonly psp: PspPayments,
    private readonly ledger: Pick<LedgerPort, 'submit'>,
    private readonly tools: {
      clock: Clock;
      random: Random;
      wake: Wake;
      returnUrlOf: (id: string) => string;
      /** False where wallets have no balance. */
      offersBalance: boolean;
    },
  ) {}

  /** @throws Refusal NOT_OFFERED, PARAM_ERROR on amount_minor, PSP_UNREACHABLE */
  async run(request: TopUpRequest): Promise<TopUp> {
    if (!this.tools.offersBalance) throw notOffered('a balance');
    const topUp = this.newTopUp(request);
    this.psp.needReachable();
    await this.orders.run((writes) => writes.insertTopUp(topUp));
    return this.resolve(topUp.id);
  }

  /** @throws Refusal NOT_FOUND, also for somebody else's */
  async find(request: { topUpId: string; userId: string }): Promise<TopUp> {
    const topUp = await this.orders.topUp(request.topUpId);
    if (topUp?.userId !== request.userId) throw new Refusal('NOT_FOUND');
    return this.resolve(topUp.id);
  }

  /** Asks the PSP what became of it, and records the answer. */
  async resolve(topUpId: string): Promise<TopUp> {
    const topUp = await this.orders.topUp(topUpId);
    invariant(topUp !== undefined, 'what is asked about was recorded');
    return OPEN.includes(topUp.state) ? this.ask(topUp) : topUp;
  }

  /** As `resolve`, also for one that we believe failed: money may have come after all. */
  async ask(topUp: TopUp): Promise<TopUp> {
    const { id, amount, method, cardToken, pspReference, askedCount, createdAt } = topUp;
    const money = {
      ...{ id, amount, method, cardToken, pspReference, askedCount, since: createdAt },
      description: 'Top-up',
      returnUrl: this.tools.returnUrlOf(id),
      destination: null,
    };
    // Left at the bank for a day, nobody waits for it any more.
    const isOld = this.tools.clock.now().getTime() - createdAt.getTime() > UNKNOWN_MS_MAX;
    const answer = isOld ? await this.psp.end(money) : await this.psp.ask(money);
    const recorded = await this.orders.run((writes) => this.record(writes, id, answer));
    this.tools.wake.outbox();
    if (recorded.state === 'succeeded') await this.bookNow(recorded);
    return recorded;
  }

  private newTopUp(request: TopUpRequest): TopUp {
    if (request.amountMinor < TOP_UP_MINOR_MIN || request.amountMinor > TOP_UP_MINOR_MAX) {
      throw new Refusal('PARAM_ERROR', {
        field: 'amount_minor',
        rule: `must be from ${TOP_UP_MINOR_MIN.toString()} to ${TOP_UP_MINOR_MAX.toString()} cents`,
        value: request.amountMinor.toString(),
      });
    }
    const now = this.tools.clock.now();
    return {
      id: newId('TopUp', now, this.tools.random),
      ...{ userId: request.userId, method: request.method, cardToken: request.cardToken },
      ...{ amount: Money.ofMinor(request.amountMinor, 'EUR'), state: 'confirming' },
      ...{ pspReference: null, redirectUrl: null, failure: null, createdAt: now, endedAt: null },
      ...{ askAt: nextAskAt(now, 0), askedCount: 0 },
    };
  }

  private async record(writes: OrderWrites, id: string, answer: PspAnswer): Promise<TopUp> {
    const topUp = await writes.lockTopUp(id);
    invariant(topUp !== undefined, 'top-ups are never deleted');
    const state = stateOf(answer);
    if (!mayTopUpBecome(topUp.state, state)) return topUp;
    const changed = this.changed(topUp, state, answer);
    await writes.saveTopUp(changed);
    if (changed.state === 'succeeded') await this.saySucceeded(writes, changed);
    return changed;
  }

  private changed(topUp: TopUp, state: TopUpState, answer: PspAnswer): TopUp {
    const now = this.tools.clock.now();
    const known = answer.kind === 'known' ? answer.payment : null;
    const isOpen = OPEN.includes(state);
    const askedCount = topUp.askedCount + 1;
    return {
      ...{ ...topUp, state, askedCount },
      pspReference: known?.pspReference ?? topUp.pspReference,
      redirectUrl: known?.redirectUrl ?? topUp.redirectUrl,
      failure: state === 'failed' ? failureOf(answer) : null,
      endedAt: isOpen ? null : now,
      askAt: isOpen ? nextAskAt(now, askedCount) : null,
    };
  }

  private async saySucceeded(writes: OrderWrites, topUp: TopUp): Promise<void> {
    const data = succeededFact(topUp);
    await writes.say({ type: 'top-up.succeeded.v1', subject: topUp.userId, data });
  }

  /** The event books it anyway; the same command at once lets the payer see it now. */
  private async bookNow(topUp: TopUp): Promise<void> {
    try {
      await this.ledger.submit(topUpCommand(succeededFact(topUp)));
    } catch (error) {
      if (!(error instanceof LedgerUnavailable)) throw error;
    }
  }
}

function stateOf(answer: PspAnswer): TopUpState {
  if (answer.kind === 'silence') return 'unknown';
  if (answer.kind === 'refused') return 'failed';
  const { state } = answer.payment;
  if (state === 'succeeded') return 'succeeded';
  return state === 'failed' || state === 'cancelled' ? 'failed' : 'redirected';
}

function failureOf(answer: PspAnswer): string {
  if (answer.kind === 'refused') return answer.reason;
  return (answer.kind === 'known' ? answer.payment.failure : null) ?? 'the payment was refused';
}

function succeededFact(topUp: TopUp) {
  invariant(topUp.endedAt !== null && topUp.pspReference !== null, 'money came by the PSP');
  return {
    ...{ topUpId: topUp.id, userId: topUp.userId, psp: 'stripe' as const, method: topUp.method },
    ...moneyText(topUp.amount),
    pspReference: topUp.pspReference,
    succeededAt: topUp.endedAt.toISOString(),
  };
}
