import { newId } from '@stuiver/ids';
import type { Clock, Random } from '@stuiver/ports';
import type { Attempt } from '../../domain/attempt.js';
import type { Order, PayMethod } from '../../domain/order.js';
import type { RiskVerdict } from '../../domain/risk.js';
import type { OrderWrites } from '../ports.js';
import { endSheets } from './end-sheets.js';
import type { Review } from './risk-ports.js';

/** Somebody has looked at a payment by then, or it ends. */
const REVIEW_MS_MAX = 30 * 60_000;

export interface Held {
  readonly order: Order;
  readonly attempt: Attempt;
  readonly method: PayMethod;
  readonly verdict: RiskVerdict;
}

/**
 * Applies a verdict to a confirm, under the order's lock and before anything moves. What staff said of this payer and
 * this order holds for their next sheet too; a block outranks an approval.
 */
export class HoldPayment {
  constructor(private readonly tools: { clock: Clock; random: Random }) {}

  /** @returns the attempt as it stands when it may not go on; null when it may. */
  async run(writes: OrderWrites, held: Held): Promise<Attempt | null> {
    const { order, attempt, verdict } = held;
    const of = { orderId: order.id, userId: attempt.userId };
    const last = await writes.reviews.last(of);
    if (verdict.kind === 'refuse') return this.refuse(writes, held, last);
    if (last?.state === 'refused' && last.decidedBy !== null)
      return this.endAll(writes, of, attempt);
    if (last?.state === 'waiting') return holdSheet(writes, attempt, last);
    if (verdict.kind === 'allow' || last?.state === 'approved') return null;
    const review = this.reviewOf(held, verdict);
    await writes.reviews.insert(review);
    return holdSheet(writes, attempt, review);
  }

  /** Kept too, so that staff see what the rules turned away. */
  private async refuse(
    writes: OrderWrites,
    held: Held,
    last: Review | undefined,
  ): Promise<Attempt | null> {
    const { order, attempt, verdict } = held;
    if (verdict.kind === 'allow') return null;
    const decidedAt = this.tools.clock.now();
    if (last?.state === 'waiting') {
      await writes.reviews.saveEnd({ ...last, state: 'withdrawn', decidedAt });
    }
    await writes.reviews.insert({ ...this.reviewOf(held, verdict), state: 'refused', decidedAt });
    return this.endAll(writes, { orderId: order.id, userId: attempt.userId }, attempt);
  }

  private async endAll(
    writes: OrderWrites,
    of: { orderId: string; userId: string },
    attempt: Attempt,
  ): Promise<Attempt> {
    await endSheets(writes, of, { failure: 'RISK_REFUSED', at: this.tools.clock.now() });
    return (await writes.attempt(attempt.id)) ?? attempt;
  }

  private reviewOf(
    { order, attempt, method }: Held,
    { reasons, facts }: Exclude<RiskVerdict, { kind: 'allow' }>,
  ): Review {
    const { clock, random } = this.tools;
    const openedAt = clock.now();
    const latest = new Date(openedAt.getTime() + REVIEW_MS_MAX);
    return {
      id: newId('Review', openedAt, random),
      ...{ orderId: order.id, attemptId: attempt.id, userId: attempt.userId, method, reasons },
      facts: { ...facts, amountMinor: facts.amountMinor.toString() },
      ...{ state: 'waiting', openedAt, decidedAt: null, decidedBy: null, note: null },
      deadlineAt: order.expiresAt < latest ? order.expiresAt : latest,
    };
  }
}

async function holdSheet(writes: OrderWrites, attempt: Attempt, review: Review): Promise<Attempt> {
  const held: Attempt = { ...attempt, heldUntil: review.deadlineAt };
  await writes.saveAttempt(held);
  return held;
}
