import { Refusal, type RefusalCode } from '@stuiver/errors';
import type { Clock, CrashPoints } from '@stuiver/ports';
import { nextAskAt } from '../domain/ask-ladder.js';
import { failMessage } from '../domain/attempt-result.js';
import { isOutOfOurHands, nextAttemptState } from '../domain/attempt-states.js';
import type { Attempt, AttemptMetadata } from '../domain/attempt.js';
import { feeByLine, lineFor, type Prices } from '../domain/price-list.js';
import type { Order, PayMethod } from '../domain/order.js';
import type { RiskVerdict } from '../domain/risk.js';
import type { AttemptOutcomes } from './attempt-outcomes.js';
import type { CheckPin } from './check-pin.js';
import type { CommitMetadata } from './commit-metadata.js';
import { checkOrderPayable } from './open-attempt.js';
import type { KeepPspAccount } from './keep-psp-account.js';
import { notOffered } from './not-offered.js';
import type { OrderStore, OrderWrites } from './ports.js';
import type { PspPayments } from './psp-payments.js';
import type { RecordAttemptOutcome } from './record-attempt-outcome.js';
import type { HoldPayment } from './risk/hold-payment.js';
import type { Risk } from './risk/risk-ports.js';

export interface ConfirmRequest {
  readonly attemptId: string;
  readonly userId: string;
  readonly method: PayMethod;
  /** The wallet's confirm factor. */
  readonly pin?: string | undefined;
  /** Where the bank sends the payer afterwards. */
  readonly returnUrl: string;
  /** Sandbox only. */
  readonly cardToken?: string | undefined;
}

/** What is settled before the order is locked. */
interface Terms {
  readonly pspAccount: string | null;
  readonly metadata: AttemptMetadata;
  readonly verdict: RiskVerdict;
}

/**
 * The payer says yes. That is committed before anyone is asked for money, so whatever happens next, somebody will ask
 * what became of it. Who may not pay, or whose payment staff want to see first, is stopped before that. A second
 * confirm of the same attempt changes nothing and tells where the first one is.
 */
export class ConfirmAttempt {
  constructor(
    private readonly orders: Pick<OrderStore, 'run' | 'attempt' | 'order'>,
    private readonly money: {
      outcomes: AttemptOutcomes;
      record: RecordAttemptOutcome;
      pspAccounts: KeepPspAccount;
      metadata: CommitMetadata;
      psp: Pick<PspPayments, 'needReachable'>;
      risk: Risk;
      hold: HoldPayment;
    },
    private readonly checkPin: CheckPin,
    private readonly tools: {
      clock: Clock;
      crash: CrashPoints;
      configuredPrices: Prices;
      offersCardFields: boolean;
    },
  ) {}

  /** @throws Refusal NOT_FOUND, PIN_*, ORDER_*, ANOTHER_ATTEMPT_OPEN, ATTEMPT_ENDED, NOT_OFFERED, PSP_UNREACHABLE */
  async run(request: ConfirmRequest): Promise<Attempt> {
    const seen = await this.orders.attempt(request.attemptId);
    if (seen?.userId !== request.userId) throw new Refusal('NOT_FOUND');
    if (seen.state !== 'created') return seen;
    await this.identify(request);
    const order = await this.orders.order({ id: seen.orderId });
    if (order === undefined) throw new Refusal('NOT_FOUND');
    const terms = {
      pspAccount: await this.destination(request, order),
      metadata: await this.money.metadata.run(seen.id, seen.userId, order),
      verdict: await this.money.risk.assess({
        ...{ payer: seen.userId, merchant: order.mchid, amount: order.amount },
        ...{ method: request.method, source: request.cardToken ?? null },
      }),
    };
    const confirmed = await this.orders.run((writes) =>
      this.confirm(writes, request, { seen, terms }),
    );
    if (!confirmed.now) return confirmed.attempt;
    const isWallet = request.method === 'wallet';
    this.tools.crash.pass(isWallet ? 'wallet.attempt-confirming' : 'ideal.attempt-confirming');

    const outcome = await this.money.outcomes.ask(confirmed.order, confirmed.attempt);
    const recorded = await this.money.record.run(request.attemptId, outcome);
    this.tools.crash.pass(isWallet ? 'wallet.result-recorded' : 'ideal.redirect-recorded');
    return recorded;
  }

  /** A bank or a card issuer identifies the payer itself, if it can be reached. */
  private async identify(request: ConfirmRequest): Promise<void> {
    if (request.method !== 'wallet') {
      if (this.wantsCardFields(request)) throw notOffered('a card to pay with');
      this.money.psp.needReachable();
      return;
    }
    if (this.money.pspAccounts.isOn) throw notOffered('a balance to pay from');
    if (request.pin === undefined) {
      throw new Refusal('PARAM_ERROR', {
        field: 'pin',
        rule: 'is required to pay from the wallet',
      });
    }
    await this.checkPin.run({ userId: request.userId, pin: request.pin });
  }

  /** Without a card there must be fields to type it in. */
  private wantsCardFields({ method, cardToken }: ConfirmRequest): boolean {
    return method === 'card' && cardToken === undefined && !this.tools.offersCardFields;
  }

  /** The merchant's connected account, opened now if nobody could before. */
  private async destination(request: ConfirmRequest, order: Order): Promise<string | null> {
    if (request.method === 'wallet') return null;
    return this.money.pspAccounts.run(order.mchid);
  }

  /** `now`: this very call confirmed it. Of ten taps one does. */
  private async confirm(
    writes: OrderWrites,
    request: ConfirmRequest,
    { seen, terms }: { seen: Attempt; terms: Terms },
  ): Promise<{ now: boolean; attempt: Attempt; order: Order }> {
    const order = await writes.lockOrder({ id: seen.orderId });
    const attempt = await writes.attempt(seen.id);
    if (order === undefined || attempt === undefined) throw new Refusal('NOT_FOUND');
    if (attempt.state !== 'created') return { now: false, attempt, order };
    checkOrderPayable(order, this.tools.clock.now());
    await this.checkAlone(writes, attempt);
    const { method } = request;
    const held = { order, attempt, method, verdict: terms.verdict };
    const stopped = await this.money.hold.run(writes, held);
    if (stopped !== null) return { now: false, attempt: stopped, order };

    const state = nextAttemptState(attempt.state, 'confirmed');
    if (state === null) throw refuse('ATTEMPT_ENDED', 'the payment has ended');
    const now = this.tools.clock.now();
    const confirmed: Attempt = {
      ...{ ...attempt, state, method, confirmedAt: now, heldUntil: null },
      pspAccount: terms.pspAccount,
      metadataSha256: terms.metadata.sha256,
      contentSalt: terms.metadata.contentSalt,
      ...(await this.price(writes, { order, method, at: now })),
      returnUrl: method === 'wallet' ? null : request.returnUrl,
      cardToken: request.cardToken ?? null,
      askAt: nextAskAt(now, 0, order.expiresAt),
    };
    await writes.saveAttempt(confirmed);
    await writes.saveMetadata(attempt.id, terms.metadata);
    return { now: true, attempt: confirmed, order };
  }

  /** By the list in force at this moment, and for good: every repeat of the ledger's command says the same. */
  private async price(
    writes: OrderWrites,
    { order, method, at }: { order: Order; method: PayMethod; at: Date },
  ): Promise<Pick<Attempt, 'fee' | 'feeVat' | 'priceVersionId'>> {
    const inForce = await writes.pricesAt(order.mchid, at);
    const line = lineFor(inForce ?? this.tools.configuredPrices, method);
    const { total, vat } = feeByLine(order.amount, line);
    return { fee: total, feeVat: vat, priceVersionId: inForce?.versionId ?? null };
  }

  private async checkAlone(writes: OrderWrites, attempt: Attempt): Promise<void> {
    const others = await writes.attemptsOf(attempt.orderId);
    if (!others.some((other) => other.id !== attempt.id && isOutOfOurHands(other.state))) return;
    throw refuse('ANOTHER_ATTEMPT_OPEN', 'another payment is in progress');
  }
}

function refuse(code: RefusalCode, reason: string): Refusal {
  return new Refusal(code, { err_msg: failMessage(reason) });
}
