import {
  latePaymentCommand,
  type LedgerPort,
  type LedgerResult,
  paymentCommand,
  refundRequestCommand,
} from '@stuiver/contracts';
import { invariant } from '@stuiver/errors';
import type { Clock, CrashPoints } from '@stuiver/ports';
import { nextOrderState } from '../domain/order-states.js';
import type { Order, Refund } from '../domain/order.js';
import { nextRefundState } from '../domain/refund-states.js';
import { latePaymentFact, recordedPaymentFact, refundRequestedFact } from './money-facts.js';
import type { OrderStore, OrderWrites, Wake } from './ports.js';

/**
 * Asks the ledger to set a recorded refund's money aside, and records the answer. The booking of the payment itself is
 * submitted first: a merchant may refund in the second it is notified, before the event got there. Safe to repeat.
 */
export class AcceptRefund {
  constructor(
    private readonly orders: Pick<OrderStore, 'run' | 'refund' | 'order' | 'attempt'>,
    private readonly ledger: Pick<LedgerPort, 'submit'>,
    private readonly tools: { clock: Clock; crash: CrashPoints; wake: Wake },
  ) {}

  /** @throws LedgerUnavailable when the outcome is not known: the refund stays `requested` and is asked for again. */
  async run(refundId: string): Promise<Refund> {
    const refund = await this.orders.refund(refundId);
    invariant(refund !== undefined, 'a refund is recorded before it is asked for');
    if (refund.state !== 'requested') return refund;

    await this.submitPayment(refund);
    const result = await this.ledger.submit(refundRequestCommand(refundRequestedFact(refund)));
    this.tools.crash.pass('refund.ledger-posted');

    const answered = await this.orders.run((writes) => this.record(writes, refund, result));
    this.tools.crash.pass('refund.accepted');
    this.tools.wake.outbox();
    this.tools.wake.refunds();
    return answered;
  }

  private async submitPayment(refund: Refund): Promise<void> {
    const order = await this.orders.order({ id: refund.orderId });
    const attempt = await this.orders.attempt(refund.attemptId);
    invariant(order !== undefined && attempt !== undefined, 'a refund has an order and an attempt');
    const booked =
      refund.source === 'merchant'
        ? paymentCommand(recordedPaymentFact(order, attempt))
        : latePaymentCommand(
            latePaymentFact(order, attempt, { money: refund.amount, at: refund.createdAt }),
          );
    const result = await this.ledger.submit(booked);
    invariant(result.outcome === 'posted', 'the ledger books money that came');
  }

  private async record(writes: OrderWrites, asked: Refund, result: LedgerResult): Promise<Refund> {
    const order = await writes.lockOrder({ id: asked.orderId });
    const refund = await writes.refund(asked.id);
    invariant(order !== undefined && refund !== undefined, 'orders and refunds are never deleted');
    const event = result.outcome === 'posted' ? 'accepted' : 'refused';
    // Somebody else recorded this very answer: both asked the same question under the same id.
    const state = nextRefundState(refund.state, event);
    if (state === null || state === refund.state) return refund;
    return result.outcome === 'posted'
      ? this.recordAccepted(writes, order, refund)
      : this.recordRefused(writes, order, { refund, code: result.code });
  }

  private async recordAccepted(writes: OrderWrites, order: Order, refund: Refund): Promise<Refund> {
    const accepted: Refund = { ...refund, state: 'processing', workAt: this.tools.clock.now() };
    await writes.saveRefund(accepted);
    if (refund.source === 'merchant') {
      const state = nextOrderState(order.state, 'refundStarted');
      invariant(state !== null, 'only a paid order has refunds of its merchant');
      await writes.saveRefunds(order.id, { state, refundedMinor: order.refundedMinor });
    }
    await writes.say({
      type: 'refund.requested.v1',
      subject: order.id,
      data: refundRequestedFact(refund),
    });
    return accepted;
  }

  /** The number and the amount are free again. */
  private async recordRefused(
    writes: OrderWrites,
    order: Order,
    no: { refund: Refund; code: string },
  ): Promise<Refund> {
    invariant(no.refund.source === 'merchant', 'a late payment can always be given back');
    const refused: Refund = { ...no.refund, state: 'refused', failure: no.code, workAt: null };
    await writes.saveRefund(refused);
    await writes.saveRefunds(order.id, {
      state: order.state,
      refundedMinor: order.refundedMinor - refused.amount.minor,
    });
    return refused;
  }
}
