import type { Attempt } from '../../domain/attempt.js';
import type { OrderWrites } from '../ports.js';
import { letGoOn } from './end-sheets.js';

/** Its payer does not want to pay any more: nobody need look at it, and their other sheets begin anew. */
export async function withdrawReview(
  writes: OrderWrites,
  { orderId, userId }: Attempt,
  decidedAt: Date,
): Promise<void> {
  const review = await writes.reviews.last({ orderId, userId });
  if (review?.state !== 'waiting') return;
  await writes.reviews.saveEnd({ ...review, state: 'withdrawn', decidedAt });
  await letGoOn(writes, review);
}
