import { type Answer, refused, StripeProblem } from './problem.js';
import type { Doc } from './store.js';

/** What cannot be done to an intent as it stands. */
export function wrongState(intent: Doc, verb: string): Answer {
  const message = `You cannot ${verb} this PaymentIntent because it has a status of ${String(intent['status'])}.`;
  const problem = new StripeProblem(400, {
    type: 'invalid_request_error',
    code: 'payment_intent_unexpected_state',
    message,
    payment_intent: intent,
  });
  return refused(problem);
}
