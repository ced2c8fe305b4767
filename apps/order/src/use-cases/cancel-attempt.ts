import { Refusal } from '@stuiver/errors';
import type { Clock } from '@stuiver/ports';
import { isOutOfOurHands, nextAttemptState } from '../domain/attempt-states.js';
import type { Attempt } from '../domain/attempt.js';
import type { EndAttempt } from './end-attempt.js';
import type { OrderStore, OrderWrites } from './ports.js';
import { withdrawReview } from './risk/withdraw-review.js';

/**
 * The payer leaves the sheet. Whatever state comes back is the truth: `cancelled` only when no money can move any
 * more, `succeeded` when it had moved, and an open state when nobody could say yet.
 */
export class CancelAttempt {
  constructor(
    private readonly orders: Pick<OrderStore, 'run' | 'attempt'>,
    private readonly endAttempt: EndAttempt,
    private readonly clock: Clock,
  ) {}

  /** @throws Refusal NOT_FOUND, also for somebody else's attempt */
  async run(request: { attemptId: string; userId: string }): Promise<Attempt> {
    const seen = await this.orders.attempt(request.attemptId);
    if (seen?.userId !== request.userId) throw new Refusal('NOT_FOUND');
    const left = await this.orders.run((writes) => this.leave(writes, seen));
    return isOutOfOurHands(left.state) ? this.endAttempt.run(left.id) : left;
  }

  /** A sheet that nobody confirmed is closed at once. */
  private async leave(writes: OrderWrites, seen: Attempt): Promise<Attempt> {
    const order = await writes.lockOrder({ id: seen.orderId });
    const attempt = await writes.attempt(seen.id);
    if (order === undefined || attempt === undefined) throw new Refusal('NOT_FOUND');
    const state = nextAttemptState(attempt.state, 'cancelled');
    if (attempt.state !== 'created' || state === null) return attempt;
    // The shop that hears "cancel" offers to pay again; one whose order was paid by another sheet must not.
    const failure = order.payment === null ? null : 'ORDER_ALREADY_PAID';
    const closed: Attempt = { ...attempt, state, failure, endedAt: this.clock.now() };
    await writes.saveAttempt(closed);
    if (attempt.heldUntil !== null) await withdrawReview(writes, attempt, this.clock.now());
    return closed;
  }
}
