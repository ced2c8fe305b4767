import { nextAttemptState } from '../../domain/attempt-states.js';
import type { Attempt } from '../../domain/attempt.js';
import type { OrderWrites } from '../ports.js';

/** Ends every sheet of a payer on an order that is still open: no money was asked for on any of them. */
export async function endSheets(
  writes: OrderWrites,
  of: { orderId: string; userId: string },
  end: { failure: 'RISK_REFUSED' | 'RISK_LAPSED'; at: Date },
): Promise<void> {
  for (const attempt of await openSheets(writes, of)) {
    const state = nextAttemptState(attempt.state, 'cancelled');
    if (state === null) continue;
    await writes.saveAttempt({ ...attempt, state, failure: end.failure, endedAt: end.at });
  }
}

/** Its payer may confirm them (again). */
export async function letGoOn(
  writes: OrderWrites,
  of: { orderId: string; userId: string },
): Promise<void> {
  for (const attempt of await openSheets(writes, of)) {
    if (attempt.heldUntil !== null) await writes.saveAttempt({ ...attempt, heldUntil: null });
  }
}

async function openSheets(
  writes: OrderWrites,
  { orderId, userId }: { orderId: string; userId: string },
): Promise<readonly Attempt[]> {
  const attempts = await writes.attemptsOf(orderId);
  return attempts.filter((attempt) => attempt.userId === userId && attempt.state === 'created');
}
