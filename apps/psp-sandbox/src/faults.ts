import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { StripeProblem } from './problem.js';

export const FaultPlan = z.strictObject({
  /** Calls to addresses that start with this; only `answer-429` strikes reading ones too. */
  path: z.string().min(1),
  /**
   * What the caller sees although the work is done and kept. A 500 is the answer that is kept under the key, as at
   * Stripe; a dropped connection spoils replays too, for as often as it is planned. With a 429 nothing is done or kept.
   * A call that is held is under way, its key in use, until the plans are cleared.
   */
  effect: z.enum(['answer-500', 'answer-429', 'drop-connection', 'hold']),
  times: z.number().int().min(1).max(1_000).default(1),
});
type FaultPlan = z.infer<typeof FaultPlan>;

/** Lost answers on demand: the transaction is committed, the caller does not hear of it. */
export class Faults {
  private plans: FaultPlan[] = [];
  private held: (() => void)[] = [];

  plan(plan: FaultPlan): void {
    this.plans.push(plan);
  }

  clear(): void {
    this.plans = [];
    for (const release of this.held.splice(0)) release();
  }

  /** Waits until the plans are cleared, if that is the plan. */
  async hold(url: string): Promise<void> {
    if (!this.strikes(url, 'hold')) return;
    await new Promise<void>((resolve) => this.held.push(resolve));
  }

  /** The answer to keep instead of the true one, if it is to be spoilt so. */
  replacement(url: string): StripeProblem | undefined {
    if (!this.strikes(url, 'answer-500')) return undefined;
    return new StripeProblem(500, { type: 'api_error', message: 'Planned fault.' });
  }

  /** @throws StripeProblem 429 before anything is done. */
  throttle(url: string): void {
    if (!this.strikes(url, 'answer-429')) return;
    const message = 'Too many requests hit the API too quickly.';
    throw new StripeProblem(429, { type: 'invalid_request_error', code: 'rate_limit', message });
  }

  /** @returns true when the connection was cut instead of answered. */
  cuts(url: string, reply: FastifyReply): boolean {
    if (!this.strikes(url, 'drop-connection')) return false;
    reply.hijack();
    reply.raw.destroy();
    return true;
  }

  private strikes(url: string, effect: FaultPlan['effect']): boolean {
    const plan = this.plans.find(
      (one) => one.effect === effect && one.times > 0 && url.startsWith(one.path),
    );
    if (plan === undefined) return false;
    plan.times -= 1;
    return true;
  }
}
