import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { StripeProblem } from './problem.js';

export const FaultPlan = z.strictObject({
  /** Calls to addresses that start with this; only `answer-429` and `unreachable` strike reading ones too. */
  path: z.string().min(1),
  /**
   * What the caller sees although the work is done and kept. A 500 is the answer that is kept under the key, as at
   * Stripe; a dropped connection spoils replays too, for as often as it is planned. With a 429 nothing is done or kept.
   * A call that is held is under way, its key in use, until the plans are cleared. Until then, too, what is unreachable
   * cuts every connection, reading ones as well, and does nothing.
   */
  effect: z.enum(['answer-500', 'answer-429', 'drop-connection', 'hold', 'unreachable']),
  times: z.number().int().min(1).max(1_000).default(1),
});
type FaultPlan = z.infer<typeof FaultPlan>;

/** Lost answers on demand: the transaction is committed, the caller does not hear of it. */
export class Faults {
  private plans: FaultPlan[] = [];
  private held: (() => void)[] = [];
  /** Calls that met nobody since the plans were cleared last. */
  private inVainCount = 0;

  get met(): { readonly unreachable: number } {
    return { unreachable: this.inVainCount };
  }

  plan(plan: FaultPlan): void {
    this.plans.push(plan);
  }

  clear(): void {
    this.plans = [];
    this.inVainCount = 0;
    for (const release of this.held.splice(0)) release();
  }

  /** Nobody is there, for as long as that is the plan. */
  isUnreachable(url: string): boolean {
    const isSo = this.plans.some(
      ({ effect, path }) => effect === 'unreachable' && url.startsWith(path),
    );
    if (isSo) this.inVainCount += 1;
    return isSo;
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
    cut(reply);
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

/** The caller sees its connection end, and no answer. */
export function cut(reply: FastifyReply): void {
  reply.hijack();
  reply.raw.destroy();
}
