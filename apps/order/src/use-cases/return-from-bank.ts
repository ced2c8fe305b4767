import type { OrderStore } from './ports.js';
import type { ResolveAttempt } from './resolve-attempt.js';
import type { TopUpWallet } from './top-up.js';

/** Somebody came back from the bank: asks now what became of it, instead of waiting for the webhook. */
export class ReturnFromBank {
  constructor(
    private readonly orders: Pick<OrderStore, 'attempt' | 'topUp'>,
    private readonly resolveAttempt: ResolveAttempt,
    private readonly topUp: TopUpWallet,
  ) {}

  /** @returns what it was, or undefined when there is no such thing. */
  async run(id: string): Promise<'attempt' | 'top_up' | undefined> {
    if ((await this.orders.attempt(id)) !== undefined) {
      await this.resolveAttempt.run(id);
      return 'attempt';
    }
    if ((await this.orders.topUp(id)) === undefined) return undefined;
    await this.topUp.resolve(id);
    return 'top_up';
  }
}
