import type Stripe from 'stripe';
import type { Clock } from '@stuiver/ports';
import { PspUnknownOutcome } from '@stuiver/psp';
import { inOurWords } from './outcomes.js';
import { REFERENCE_KEY } from './translate.js';

/** Stripe's search lags a minute behind, up to an hour when it has trouble; the list is exact at once. */
const SEARCH_LAG_SECONDS_MAX = 2 * 3_600;
const LIST_PAGE = 100;
const LISTED_MAX = 2_000;

/**
 * Finds the payment intent that carries our reference: by search what is older than search may lag, by the list what is newer.
 *
 * @throws PspUnknownOutcome when there are too many new ones to say that it is not among them.
 */
export async function findByReference(
  stripe: Stripe,
  reference: string,
  clock: Clock,
): Promise<Stripe.PaymentIntent | undefined> {
  const searched = await inOurWords(() =>
    stripe.paymentIntents.search({ query: `metadata['${REFERENCE_KEY}']:'${quoted(reference)}'` }),
  );
  const [hit] = paidFirst(searched.data);
  // What search shows of it may be as old as its index.
  if (hit !== undefined) return inOurWords(() => stripe.paymentIntents.retrieve(hit.id));
  return inOurWords(() => newestWith(stripe, reference, clock));
}

async function newestWith(
  stripe: Stripe,
  reference: string,
  clock: Clock,
): Promise<Stripe.PaymentIntent | undefined> {
  const since = Math.floor(clock.now().getTime() / 1_000) - SEARCH_LAG_SECONDS_MAX;
  const query = { limit: LIST_PAGE, created: { gte: since } };
  let seen = 0;
  for await (const intent of stripe.paymentIntents.list(query)) {
    if (intent.metadata[REFERENCE_KEY] === reference) return intent;
    seen += 1;
    if (seen >= LISTED_MAX) throw new PspUnknownOutcome('too many new payments to look through');
  }
  return undefined;
}

/** A key that was forgotten may have opened a second one: the one with the money counts. */
function paidFirst(intents: readonly Stripe.PaymentIntent[]): readonly Stripe.PaymentIntent[] {
  const isPaid = ({ status }: Stripe.PaymentIntent): boolean => status === 'succeeded';
  return [...intents.filter(isPaid), ...intents.filter((intent) => !isPaid(intent))];
}

function quoted(text: string): string {
  return text.replaceAll(/[\\']/g, (character) => `\\${character}`);
}
