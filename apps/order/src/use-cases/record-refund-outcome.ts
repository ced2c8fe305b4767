import { invariant } from '@stuiver/errors';
import type { Clock, Log } from '@stuiver/ports';
import { nextAskAt } from '../domain/ask-ladder.js';
import type { Refund } from '../domain/order.js';
import { nextRefundState, type RefundEvent } from '../domain/refund-states.js';
import { refundAbnormalFact, refundReturnedFact, refundSucceededFact } from './money-facts.js';
import type { OrderStore, OrderWrites, Wake } from './ports.js';

/** What the PSP or the ledger said about a refund that was sent. */
export type RefundOutcome =
  /** `at`: for a wallet the moment it was sent, so a repeat of the booking says the same. */
  | { readonly kind: 'succeeded'; readonly at: Date; readonly reference: string | null }
  | { readonly kind: 'failed'; readonly failure: string; readonly reference: string | null }
  /** On its way, or no answer yet: ask again later. */
  | { readonly kind: 'pending'; readonly reference: string | null };

/** The one place where a refund's outcome becomes state, events and what the merchant is owed to hear. Safe to repeat. */
export class RecordRefundOutcome {
  constructor(
    private readonly orders: Pick<OrderStore, 'run'>,
    private readonly tools: { clock: Clock; log: Log; wake: Wake },
  ) {}

  async run(asked: Refund, outcome: RefundOutcome): Promise<Refund> {
    const recorded = await this.orders.run(async (writes) => {
      await writes.lockOrder({ id: asked.orderId });
      const refund = await writes.refund(asked.id);
      invariant(refund !== undefined, 'refunds are never deleted');
      return this.record(writes, refund, outcome);
    });
    this.tools.wake.outbox();
    return recorded;
  }

  private async record(
    writes: OrderWrites,
    refund: Refund,
    outcome: RefundOutcome,
  ): Promise<Refund> {
    const pspReference = outcome.reference ?? refund.pspReference;
    if (outcome.kind === 'pending') return this.askLater(writes, { ...refund, pspReference });

    const state = nextRefundState(refund.state, outcome.kind satisfies RefundEvent);
    if (state === null || this.cameBackBefore(refund, outcome)) {
      this.tools.log.error('a refund was told what it cannot be', {
        ...{ refund_id: refund.id, state: refund.state, outcome: outcome.kind },
      });
      return refund;
    }
    if (state === refund.state) return refund;
    const known = { ...refund, state, pspReference, workAt: null };
    return outcome.kind === 'succeeded'
      ? this.recordSuccess(writes, { ...known, succeededAt: outcome.at, failure: null }, outcome.at)
      : this.recordFailure(writes, { ...known, failure: outcome.failure }, refund);
  }

  private async recordSuccess(writes: OrderWrites, refund: Refund, at: Date): Promise<Refund> {
    await writes.saveRefund(refund);
    const data = refundSucceededFact(refund, at);
    await writes.say({ type: 'refund.succeeded.v1', subject: refund.orderId, data });
    if (refund.source === 'merchant') await writes.oweRefund(refund, 'SUCCESS');
    return refund;
  }

  private async recordFailure(
    writes: OrderWrites,
    refund: Refund,
    before: Refund,
  ): Promise<Refund> {
    await writes.saveRefund(refund);
    const subject = refund.orderId;
    if (before.state === 'success') {
      const data = refundReturnedFact(refund, this.tools.clock.now());
      await writes.say({ type: 'refund.returned.v1', subject, data });
    }
    const data = refundAbnormalFact(refund, refund.failure ?? 'refused');
    await writes.say({ type: 'refund.abnormal.v1', subject, data });
    if (refund.source === 'merchant') await writes.oweRefund(refund, 'ABNORMAL');
    return refund;
  }

  private async askLater(writes: OrderWrites, refund: Refund): Promise<Refund> {
    if (refund.state !== 'processing') return refund;
    const workAt = nextAskAt(this.tools.clock.now(), refund.workedCount);
    const later: Refund = { ...refund, workAt, workedCount: refund.workedCount + 1 };
    await writes.saveRefund(later);
    return later;
  }

  /** A refund that succeeded and came back is over at the PSP: the money goes out by a new one, decided by a person. */
  private cameBackBefore(refund: Refund, outcome: RefundOutcome): boolean {
    const cameBack = refund.state === 'abnormal' && refund.succeededAt !== null;
    return cameBack && outcome.kind === 'succeeded';
  }
}
