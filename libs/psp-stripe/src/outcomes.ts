import Stripe from 'stripe';
import { Refusal } from '@stuiver/errors';
import { PspUnknownOutcome } from '@stuiver/psp';

/** Answers that leave it open whether it happened: ask again with the same key. */
const OPEN_STATUSES = [409, 429];
const SERVER_FAULT = 500;

/**
 * Runs one call to Stripe and words its failure.
 *
 * @throws PspUnknownOutcome when the answer was lost, late, or "try again"; Refusal PSP_REFUSED for a definite no.
 */
export async function inOurWords<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw worded(error);
  }
}

function worded(error: unknown): Error {
  if (!(error instanceof Stripe.errors.StripeError)) {
    // What the library did not understand, such as half an answer, tells nothing about what happened.
    return new PspUnknownOutcome('the PSP answered what cannot be read', { cause: error });
  }
  const status = error.statusCode;
  if (status === undefined || status >= SERVER_FAULT || OPEN_STATUSES.includes(status)) {
    return new PspUnknownOutcome(`the PSP gave no answer: ${error.type}`, { cause: error });
  }
  const code = error.code ?? error.type;
  const reason = error.decline_code ?? code;
  return new Refusal('PSP_REFUSED', { code, reason }, { cause: error });
}
