import { invariant } from '@stuiver/errors';
import { newId, randomDigits } from '@stuiver/ids';
import { Money } from '@stuiver/money';
import type { Clock, CrashPoints, Log, Random } from '@stuiver/ports';
import { nextAskAt } from '../domain/ask-ladder.js';
import {
  type AttemptEvent,
  type AttemptState,
  isOutOfOurHands,
  nextAttemptState,
} from '../domain/attempt-states.js';
import type { Attempt } from '../domain/attempt.js';
import { nextOrderState } from '../domain/order-states.js';
import type { Order, OrderPayment, Refund } from '../domain/order.js';
import { latePaymentFact, moneyText, paymentFact } from './money-facts.js';
import type { OrderStore, OrderWrites, Wake } from './ports.js';

/** What the PSP or the ledger said about an attempt. */
export type AttemptOutcome =
  /** `money`: what came. `at`: when; for a wallet the moment of the confirm. */
  | {
      readonly kind: 'succeeded';
      readonly money: Money;
      readonly at: Date;
      readonly reference: string | null;
    }
  | { readonly kind: 'failed'; readonly failure: string }
  /** Closed at the PSP or voided at the ledger: no money can move any more. */
  | { readonly kind: 'cancelled' }
  /** The payer is at the bank, or the bank is thinking about it. */
  | { readonly kind: 'redirected'; readonly reference: string; readonly redirectUrl: string | null }
  /** No answer: it may or may not have happened. */
  | { readonly kind: 'silence' };

const TRANSACTION_ID_DIGITS = 28;
const REFUND_NO_DIGITS = 28;

/**
 * The one place where an attempt's outcome becomes state, events and what the merchant is owed to hear, in one
 * transaction. Safe to repeat, and safe in any order: success is refused nowhere.
 */
export class RecordAttemptOutcome {
  constructor(
    private readonly orders: Pick<OrderStore, 'run' | 'attempt'>,
    private readonly tools: {
      clock: Clock;
      random: Random;
      crash: CrashPoints;
      log: Log;
      wake: Wake;
    },
  ) {}

  async run(attemptId: string, outcome: AttemptOutcome): Promise<Attempt> {
    const known = await this.orders.attempt(attemptId);
    invariant(known !== undefined, 'an outcome belongs to a recorded attempt');
    const recorded = await this.orders.run(async (writes) => {
      const order = await writes.lockOrder({ id: known.orderId });
      const attempt = await writes.attempt(attemptId);
      invariant(order !== undefined && attempt !== undefined, 'orders and attempts stay');
      return this.record(writes, { order, attempt, outcome });
    });
    this.tools.wake.outbox();
    if (recorded.state === 'refundDue') this.tools.wake.refunds();
    return recorded;
  }

  private async record(
    writes: OrderWrites,
    { order, attempt, outcome }: { order: Order; attempt: Attempt; outcome: AttemptOutcome },
  ): Promise<Attempt> {
    const event = eventOf(order, outcome);
    const state = nextAttemptState(attempt.state, event);
    if (state === null) {
      this.tools.log.error('an attempt was told what it cannot be', {
        attempt_id: attempt.id,
        state: attempt.state,
        event,
      });
      return attempt;
    }
    if (state === attempt.state && !isOutOfOurHands(state)) return attempt;
    const changed = this.changed({ order, attempt, outcome }, state);
    await writes.saveAttempt(changed);
    if (outcome.kind !== 'succeeded') return changed;
    if (state === 'succeeded') await this.recordPaid(writes, order, changed, outcome.at);
    if (state === 'refundDue') await this.recordOwedBack(writes, order, changed, outcome);
    return changed;
  }

  private changed(
    { order, attempt, outcome }: { order: Order; attempt: Attempt; outcome: AttemptOutcome },
    state: AttemptState,
  ): Attempt {
    const now = this.tools.clock.now();
    const base = { ...attempt, ...learnt(attempt, outcome), state };
    if (!isOutOfOurHands(state)) return { ...base, endedAt: now, askAt: null };
    // The ladder starts again when the payer is sent to the bank: until then it counted our own questions.
    const askedCount = state === attempt.state ? attempt.askedCount + 1 : 0;
    return { ...base, askedCount, askAt: nextAskAt(now, askedCount, order.expiresAt) };
  }

  private async recordPaid(
    writes: OrderWrites,
    order: Order,
    attempt: Attempt,
    at: Date,
  ): Promise<void> {
    invariant(nextOrderState(order.state, 'moneyCame') === 'SUCCESS', 'an unpaid order is paid');
    const { method, fee, userId } = attempt;
    invariant(method !== null && fee !== null, 'a confirmed attempt knows its method and fee');
    const openid = await writes.openidOf(order.appid, userId);
    invariant(openid !== undefined, 'a payer has an openid from the moment the sheet opened');
    const payment: OrderPayment = {
      ...{ attemptId: attempt.id, method, fee, paidAt: at, userId, openid },
      transactionId: randomDigits(TRANSACTION_ID_DIGITS, this.tools.random),
    };
    await writes.savePaid(order.id, payment);
    const data = paymentFact(order, attempt, at);
    await writes.say({ type: 'payment.succeeded.v1', subject: order.id, data });
    await writes.say({ type: 'order.paid.v1', subject: order.id, data: paidFact(order, payment) });
    await writes.oweOrderPaid({ ...order, state: 'SUCCESS', payment });
  }

  /** The money has an owner: the payer. It goes back by a refund of its own, whatever the merchant does. */
  private async recordOwedBack(
    writes: OrderWrites,
    order: Order,
    attempt: Attempt,
    came: { money: Money; at: Date },
  ): Promise<void> {
    const data = latePaymentFact(order, attempt, came);
    await writes.say({ type: 'payment.succeeded-late.v1', subject: order.id, data });
    const refund = this.refundOf(order, attempt, came);
    await writes.insertRefund(refund, new Uint8Array(0));
    this.tools.log.warn('a payment came that its order cannot take; it goes back', {
      ...{ order_id: order.id, attempt_id: attempt.id, refund_id: refund.id },
    });
  }

  private refundOf(order: Order, attempt: Attempt, came: { money: Money; at: Date }): Refund {
    const { clock, random } = this.tools;
    const { method, userId, pspReference, pspAccount, fee } = attempt;
    invariant(method !== null && fee !== null, 'a confirmed attempt knows its method and fee');
    return {
      id: newId('Refund', clock.now(), random),
      refundNo: randomDigits(REFUND_NO_DIGITS, random),
      ...{ orderId: order.id, mchid: order.mchid, outTradeNo: order.outTradeNo },
      ...{ outRefundNo: `late-${attempt.id}`, transactionId: '', attemptId: attempt.id },
      ...{ source: 'late-payment', state: 'requested', amount: came.money },
      ...{ orderTotal: order.amount, reason: null, notifyUrl: null, fundsAccount: null },
      ...{ method, userId, paymentReference: pspReference, pspReference: null, failure: null },
      ...{ pspAccount, feeBack: pspAccount === null ? Money.zero(fee.currency) : fee },
      ...{ createdAt: came.at, sentAt: null, succeededAt: null },
      ...{ workAt: clock.now(), workedCount: 0 },
    };
  }
}

/** Money for an order that cannot take it, or another amount than it asked, is late money. */
function eventOf(order: Order, outcome: AttemptOutcome): AttemptEvent {
  if (outcome.kind !== 'succeeded') return outcome.kind;
  const takes = nextOrderState(order.state, 'moneyCame') === 'SUCCESS' && order.state === 'NOTPAY';
  return takes && outcome.money.equals(order.amount) ? 'succeeded' : 'succeededLate';
}

function learnt(attempt: Attempt, outcome: AttemptOutcome): Partial<Attempt> {
  switch (outcome.kind) {
    case 'succeeded':
      return { pspReference: outcome.reference ?? attempt.pspReference, failure: null };
    case 'failed':
      return { failure: outcome.failure };
    case 'redirected':
      return {
        pspReference: outcome.reference,
        redirectUrl: outcome.redirectUrl ?? attempt.redirectUrl,
      };
    case 'cancelled':
    case 'silence':
      return {};
  }
}

function paidFact(order: Order, payment: OrderPayment) {
  const { id, mchid, appid, outTradeNo, description, amount } = order;
  return {
    ...{ orderId: id, merchantId: mchid, appid, outTradeNo, description },
    attemptId: payment.attemptId,
    transactionId: payment.transactionId,
    method: payment.method,
    ...moneyText(amount),
    feeMinor: payment.fee.minor.toString(),
    paidAt: payment.paidAt.toISOString(),
  };
}
