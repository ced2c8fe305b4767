import { invariant } from '@stuiver/errors';
import { isOutOfOurHands } from '../domain/attempt-states.js';
import type { Attempt } from '../domain/attempt.js';
import type { AttemptOutcomes } from './attempt-outcomes.js';
import type { OrderStore } from './ports.js';
import type { RecordAttemptOutcome } from './record-attempt-outcome.js';

/** Ends an attempt that is out of our hands, or learns how it ended. Still open afterwards: nobody could say. */
export class EndAttempt {
  constructor(
    private readonly orders: Pick<OrderStore, 'attempt' | 'order'>,
    private readonly outcomes: AttemptOutcomes,
    private readonly record: RecordAttemptOutcome,
  ) {}

  async run(attemptId: string): Promise<Attempt> {
    const attempt = await this.orders.attempt(attemptId);
    invariant(attempt !== undefined, 'what is ended was recorded');
    if (!isOutOfOurHands(attempt.state)) return attempt;
    const order = await this.orders.order({ id: attempt.orderId });
    invariant(order !== undefined, 'an attempt has an order');
    return this.record.run(attempt.id, await this.outcomes.end(order, attempt));
  }
}
