import { z } from 'zod';

const Percent = z.number().int().min(0).max(100).default(0);

/** What befalls events at their first delivery, in percent of them; the rest goes as always. */
export const WebhookFaultPlan = z
  .strictObject({
    /** The same seed gives the same throws. */
    seed: z.number().int().min(0).default(1),
    /** Never sent at all. */
    drop: Percent,
    /** Sent two times. */
    duplicate: Percent,
    /** Sent later, so that younger ones pass it: also how they are reordered. */
    delay: Percent,
    delay_seconds_max: z.number().int().min(1).max(3_600).default(10),
  })
  .refine((plan) => plan.drop + plan.duplicate + plan.delay <= 100, 'more than 100 percent');
type WebhookFaultPlan = z.infer<typeof WebhookFaultPlan>;

export type Fate =
  | { readonly kind: 'send' | 'drop' | 'duplicate' }
  | { readonly kind: 'delay'; readonly seconds: number };

const SEND: Fate = { kind: 'send' };
const NONE: Readonly<Record<Fate['kind'], number>> = { send: 0, drop: 0, duplicate: 0, delay: 0 };

/** Webhooks as a bad day has them. */
export class WebhookFaults {
  private current: WebhookFaultPlan | undefined;
  private state = 0;
  private counts = NONE;

  plan(plan: WebhookFaultPlan): void {
    this.current = plan;
    this.state = plan.seed;
    this.counts = NONE;
  }

  clear(): void {
    this.current = undefined;
  }

  /** How many events met which fate since a plan was made. */
  get met(): Readonly<Record<Fate['kind'], number>> {
    return this.counts;
  }

  next(): Fate {
    if (this.current === undefined) return SEND;
    const fate = this.fateBy(this.current);
    this.counts = { ...this.counts, [fate.kind]: this.counts[fate.kind] + 1 };
    return fate;
  }

  private fateBy(plan: WebhookFaultPlan): Fate {
    const thrown = this.below(100);
    if (thrown < plan.drop) return { kind: 'drop' };
    if (thrown < plan.drop + plan.duplicate) return { kind: 'duplicate' };
    if (thrown >= plan.drop + plan.duplicate + plan.delay) return SEND;
    return { kind: 'delay', seconds: 1 + this.below(plan.delay_seconds_max) };
  }

  /** A linear congruential generator; its upper bits are good enough to throw with. */
  private below(limit: number): number {
    this.state = (Math.imul(this.state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.state / 2 ** 32) * limit);
  }
}
