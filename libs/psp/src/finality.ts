type Finality = { readonly kind: 'final' } | { readonly kind: 'disputable'; readonly days: number };

type FinalityMethod = 'ideal' | 'card';

/**
 * For how many days after a payment the payer's bank may take it back.
 *
 * Source: Stripe's pages on payment methods, where an iDEAL payment cannot be disputed; the card schemes' rules, 120 days.
 */
const FINALITY: Readonly<Record<FinalityMethod, Finality>> = {
  ideal: { kind: 'final' },
  card: { kind: 'disputable', days: 120 },
};

const DAY_MS = 86_400_000;

/** @returns until when the payer's bank may take it back, that moment included; null: it is final from the start. */
export function disputableUntil(method: FinalityMethod, paidAt: Date): Date | null {
  const finality = FINALITY[method];
  if (finality.kind === 'final') return null;
  return new Date(paidAt.getTime() + finality.days * DAY_MS);
}
