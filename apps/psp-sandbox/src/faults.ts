import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { StripeProblem } from './problem.js';

export const FaultPlan = z.strictObject({
  /** Calls to addresses that start with this; only `answer-429` strikes reading ones too. */
  path: z.string().min(1),
  /**
   * What the caller sees although the work is done and kept. A 500 is the answer that is kept under the key, as at
   * Stripe; a dropped connection spoils replays too, for as often as it is planned. With a 429 nothing is done or kept.
   */
  effect: z.enum(['answer-500', 'answer-429', 'drop-connection']),
  times: z.number().int().min(1).max(1_000).default(1),
});
type FaultPlan = z.infer<typeof FaultPlan>;

/** Lost answers on demand: the transaction is committed, the caller does not hear of it. */
export class Faults {
  private plans: FaultPlan[] = [];

  plan(plan: FaultPlan): void {
    this.plans.push(plan);
  }

  clear(): void {
    this.plans = [];
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
