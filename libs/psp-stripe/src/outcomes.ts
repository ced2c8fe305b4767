import Stripe from 'stripe';
import { Refusal } from '@stuiver/errors';
import { PspUnknownOutcome } from '@stuiver/psp';

/**
 * Only these say "no, and nothing happened": a wrong request, a missing object, a refused card. A wrong key or a
 * missing right (401, 403) speaks of this call and not of an earlier one under the same idempotency key.
 */
const DEFINITE_STATUSES = [400, 402, 404];

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
  if (!isDefinite(error)) {
    return new PspUnknownOutcome(`the PSP gave no answer: ${error.type}`, { cause: error });
  }
  const code = error.code ?? error.type;
  const reason = error.decline_code ?? code;
  return new Refusal('PSP_REFUSED', { code, reason }, { cause: error });
}

function isDefinite(error: Stripe.errors.StripeError): boolean {
  // The key did something else before: what became of that is what counts.
  if (error instanceof Stripe.errors.StripeIdempotencyError) return false;
  if (error instanceof Stripe.errors.StripeRateLimitError) return false;
  return error.statusCode !== undefined && DEFINITE_STATUSES.includes(error.statusCode);
}

/** The intent that a refused card left behind; Stripe sends it inside the error. */
export function declinedIntent(error: unknown): Stripe.PaymentIntent | undefined {
  const cause = error instanceof Refusal ? error.cause : undefined;
  if (!(cause instanceof Stripe.errors.StripeCardError)) return undefined;
  return cause.payment_intent;
}

/**
 * True when the key has already been answered and will be answered the same for a day: with the server fault of its
 * first use, or with "used for other parameters". Repeating it teaches nothing; one has to look.
 */
export function isKeySpent(error: unknown): boolean {
  const cause = error instanceof PspUnknownOutcome ? error.cause : undefined;
  if (cause instanceof Stripe.errors.StripeIdempotencyError) return true;
  return (
    cause instanceof Stripe.errors.StripeError && cause.headers?.['idempotent-replayed'] === 'true'
  );
}

/** For a catch: what the PSP never heard of is undefined. */
export function undefinedWhenAbsent(error: unknown): undefined {
  if (error instanceof Refusal && error.facts['code'] === 'resource_missing') return undefined;
  throw error;
}
