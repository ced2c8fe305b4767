import { invariant, Refusal } from '@stuiver/errors';
import type { Clock } from '@stuiver/ports';
import type { OrderStore, OrderWrites } from '../ports.js';
import { endSheets, letGoOn } from './end-sheets.js';
import type { Review } from './risk-ports.js';

export interface ReviewReads {
  review(id: string): Promise<Review | undefined>;
}

/** What staff say of a payment that waits. Nothing moves by it: an approved payer confirms again, and pays once. */
export class DecideReview {
  constructor(
    private readonly orders: Pick<OrderStore, 'run'>,
    private readonly reviews: ReviewReads,
    private readonly clock: Clock,
  ) {}

  /**
   * The same decision twice changes nothing.
   *
   * @throws Refusal NOT_FOUND; STATE_CONFLICT when it is decided otherwise, or its time is over
   */
  async run(wanted: {
    reviewId: string;
    kind: 'approved' | 'refused';
    staffId: string;
    note: string;
  }): Promise<Review> {
    const { kind, staffId: decidedBy, note } = wanted;
    return this.underLock(wanted.reviewId, async (writes, review) => {
      if (review.state === kind) return review;
      this.needWaiting(review);
      const decided: Review = {
        ...review,
        state: kind,
        decidedBy,
        note,
        decidedAt: this.clock.now(),
      };
      await writes.reviews.saveEnd(decided);
      if (kind === 'approved') await letGoOn(writes, review);
      else await endSheets(writes, review, { failure: 'RISK_REFUSED', at: this.clock.now() });
      await writes.audit({
        act: kind === 'approved' ? 'review-approved' : 'review-refused',
        subject: { kind: 'review', id: review.id },
        after: { order: review.orderId, person: review.userId, reasons: review.reasons },
        reason: note,
      });
      return decided;
    });
  }

  /** Nobody decided in time: the sheet ends and says so. Safe to repeat. */
  async lapse(reviewId: string): Promise<void> {
    await this.underLock(reviewId, async (writes, review) => {
      const now = this.clock.now();
      if (review.state !== 'waiting' || review.deadlineAt > now) return review;
      const lapsed: Review = { ...review, state: 'lapsed', decidedAt: now };
      await writes.reviews.saveEnd(lapsed);
      await endSheets(writes, review, { failure: 'RISK_LAPSED', at: now });
      return lapsed;
    });
  }

  private async underLock(
    reviewId: string,
    work: (writes: OrderWrites, review: Review) => Promise<Review>,
  ): Promise<Review> {
    const seen = await this.reviews.review(reviewId);
    if (seen === undefined) throw new Refusal('NOT_FOUND', { review: reviewId });
    return this.orders.run(async (writes) => {
      await writes.lockOrder({ id: seen.orderId });
      const review = await writes.reviews.review(reviewId);
      invariant(review !== undefined, 'reviews are never deleted');
      return work(writes, review);
    });
  }

  private needWaiting(review: Review): void {
    if (review.state !== 'waiting') {
      throw new Refusal('STATE_CONFLICT', {
        ...{ rule: `is ${review.state} already`, why: 'review-is-decided' },
      });
    }
    if (review.deadlineAt > this.clock.now()) return;
    throw new Refusal('STATE_CONFLICT', { rule: 'its time is over', why: 'review-is-over' });
  }
}
