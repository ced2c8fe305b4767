import { Refusal } from '@stuiver/errors';
import type { Attempt } from '../domain/attempt.js';
import type { OrderStore } from './ports.js';

export class FindAttempt {
  constructor(private readonly orders: Pick<OrderStore, 'attempt'>) {}

  /** @throws Refusal NOT_FOUND, also for somebody else's attempt */
  async run(request: { attemptId: string; userId: string }): Promise<Attempt> {
    const attempt = await this.orders.attempt(request.attemptId);
    if (attempt?.userId !== request.userId) throw new Refusal('NOT_FOUND');
    return attempt;
  }
}
