import { invariant } from '@stuiver/errors';
import type { Clock, Log } from '@stuiver/ports';
import { UNKNOWN_MS_MAX } from '../domain/ask-ladder.js';
import { isOutOfOurHands } from '../domain/attempt-states.js';
import type { Attempt } from '../domain/attempt.js';
import type { Order } from '../domain/order.js';
import type { AttemptOutcomes } from './attempt-outcomes.js';
import type { OrderStore } from './ports.js';
import type { RecordAttemptOutcome } from './record-attempt-outcome.js';

/**
 * Asks what became of an attempt until it is known. An attempt whose order's time is over, or that was left at the
 * bank for a day, is ended instead: nobody waits for it any more.
 */
export class ResolveAttempt {
  constructor(
    private readonly orders: Pick<OrderStore, 'attempt' | 'order'>,
    private readonly outcomes: AttemptOutcomes,
    private readonly record: RecordAttemptOutcome,
    private readonly tools: { clock: Clock; log: Log },
  ) {}

  async run(attemptId: string): Promise<Attempt> {
    const attempt = await this.orders.attempt(attemptId);
    invariant(attempt !== undefined, 'what is asked about was recorded');
    if (!isOutOfOurHands(attempt.state)) return attempt;
    const order = await this.orders.order({ id: attempt.orderId });
    invariant(order !== undefined, 'an attempt has an order');

    const outcome = this.isOver(order, attempt)
      ? await this.outcomes.end(order, attempt)
      : await this.outcomes.ask(order, attempt);
    const recorded = await this.record.run(attempt.id, outcome);
    if (isOutOfOurHands(recorded.state) && this.isOld(recorded)) this.flag(recorded);
    return recorded;
  }

  private isOver(order: Order, attempt: Attempt): boolean {
    return order.expiresAt <= this.tools.clock.now() || this.isOld(attempt);
  }

  private isOld(attempt: Attempt): boolean {
    const since = attempt.confirmedAt ?? attempt.createdAt;
    return this.tools.clock.now().getTime() - since.getTime() > UNKNOWN_MS_MAX;
  }

  private flag(attempt: Attempt): void {
    this.tools.log.error('nobody can say what became of an attempt', {
      ...{ attempt_id: attempt.id, order_id: attempt.orderId, asked: attempt.askedCount },
    });
  }
}
