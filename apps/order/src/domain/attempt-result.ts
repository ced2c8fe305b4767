import type { AttemptState } from './attempt-states.js';

/** What a failure that we know by name says to the mini-program; other failures say their own text. */
const WORDS: Readonly<Record<string, string>> = {
  FLOOR: 'the wallet balance is too low',
  ACCOUNT_CLOSED: 'the wallet is closed',
  ACCOUNT_FROZEN: 'the wallet is frozen',
  ORDER_ALREADY_PAID: 'the order is already paid',
  ORDER_IS_CLOSED: 'the order is closed',
  RISK_REFUSED: 'the payment was refused after a check; nothing was taken',
  RISK_LAPSED: 'the check of the payment took too long; nothing was taken',
  payment_intent_authentication_failure: 'the bank refused the payment',
  payment_intent_payment_attempt_failed: 'the bank refused the payment',
  card_declined: 'the card was refused',
  generic_decline: 'the card was refused',
  insufficient_funds: 'the card has too little money',
};

/**
 * What `requestPayment` tells the mini-program about an attempt; null while the payer may still act.
 * "cancel" is said in one case only: the attempt was closed and nothing was charged. Shops look for that very word, so
 * no other message may contain it.
 *
 * Source: the requestPayment contract, section 2.2.
 */
export function errMsgOf(attempt: { state: AttemptState; failure: string | null }): string | null {
  return SAYS[attempt.state](attempt.failure);
}

const stillOpen = (): null => null;

const SAYS: Readonly<Record<AttemptState, (failure: string | null) => string | null>> = {
  created: stillOpen,
  confirming: stillOpen,
  redirected: stillOpen,
  unknown: stillOpen,
  succeeded: () => 'requestPayment:ok',
  cancelled: (why) => (why === null ? 'requestPayment:fail cancel' : failMessage(why)),
  failed: (why) => failMessage(why ?? 'the payment was refused'),
  refundDue: () => failMessage('the payment came too late and is paid back'),
};

/** Left while its outcome is open: the shop is to ask its order. */
export const PENDING = 'requestPayment:fail pending';

export function failMessage(failure: string): string {
  return `requestPayment:fail ${wordsOf(failure).replaceAll(/cancell?(ed|ation|ing)?/gi, 'stopped')}`;
}

export function wordsOf(failure: string): string {
  return WORDS[failure] ?? failure.replaceAll('_', ' ');
}
