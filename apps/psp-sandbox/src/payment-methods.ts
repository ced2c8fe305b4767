import { noSuch } from './problem.js';
import type { Doc, Objects } from './store.js';

/** What becomes of a confirmation: `redirect`, `succeeds`, or the card's decline code. */
export type CardOutcome =
  'redirect' | 'succeeds' | 'generic_decline' | 'insufficient_funds' | 'lost_card' | 'stolen_card';

/** Stripe's own test names. Numbers never reach us: whoever holds one is in scope of PCI DSS. */
const TEST_CARDS: Readonly<Record<string, { brand: string; last4: string; outcome: CardOutcome }>> =
  {
    pm_card_visa: { brand: 'visa', last4: '4242', outcome: 'succeeds' },
    pm_card_mastercard: { brand: 'mastercard', last4: '4444', outcome: 'succeeds' },
    pm_card_chargeDeclined: { brand: 'visa', last4: '0002', outcome: 'generic_decline' },
    pm_card_chargeDeclinedInsufficientFunds: {
      brand: 'visa',
      last4: '9995',
      outcome: 'insufficient_funds',
    },
    pm_card_chargeDeclinedLostCard: { brand: 'visa', last4: '9987', outcome: 'lost_card' },
    pm_card_chargeDeclinedStolenCard: { brand: 'visa', last4: '9979', outcome: 'stolen_card' },
    pm_card_bypassPending: { brand: 'visa', last4: '0077', outcome: 'succeeds' },
    pm_card_createDispute: { brand: 'visa', last4: '0259', outcome: 'succeeds' },
    pm_card_createDisputeProductNotReceived: {
      brand: 'visa',
      last4: '2685',
      outcome: 'succeeds',
    },
    pm_card_createDisputeInquiry: { brand: 'visa', last4: '1976', outcome: 'succeeds' },
    pm_card_threeDSecure2Required: { brand: 'visa', last4: '3220', outcome: 'redirect' },
  };

/**
 * Stripe's documented test numbers, for the card fields alone: a browser finds the test card's name here and sends that.
 *
 * Source: https://docs.stripe.com/testing.
 */
export const TEST_NUMBERS: Readonly<Record<string, string>> = {
  '4242424242424242': 'pm_card_visa',
  '5555555555554444': 'pm_card_mastercard',
  '4000000000000002': 'pm_card_chargeDeclined',
  '4000000000009995': 'pm_card_chargeDeclinedInsufficientFunds',
  '4000000000009987': 'pm_card_chargeDeclinedLostCard',
  '4000000000009979': 'pm_card_chargeDeclinedStolenCard',
  '4000000000000077': 'pm_card_bypassPending',
  '4000000000000259': 'pm_card_createDispute',
  '4000000000002685': 'pm_card_createDisputeProductNotReceived',
  '4000000000001976': 'pm_card_createDisputeInquiry',
  '4000000000003220': 'pm_card_threeDSecure2Required',
};

export function isTestCard(token: string): boolean {
  return Object.hasOwn(TEST_CARDS, token);
}

/** A test name becomes a payment method of its own, as at Stripe. @throws StripeProblem resource_missing */
export function findPaymentMethod(
  objects: Objects,
  token: string,
): { doc: Doc; outcome: CardOutcome } {
  const card = isTestCard(token) ? TEST_CARDS[token] : undefined;
  if (card === undefined) throw noSuch('PaymentMethod', token);
  const { brand, last4, outcome } = card;
  const doc = {
    id: objects.newId('pm'),
    object: 'payment_method',
    type: 'card',
    card: { brand, last4, exp_month: 12, exp_year: 2034, funding: 'credit', country: 'NL' },
    billing_details: { address: null, email: null, name: null, phone: null },
    created: objects.created,
    customer: null,
    livemode: false,
    metadata: {},
  };
  return { doc, outcome };
}
