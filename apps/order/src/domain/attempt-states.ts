import { nextIn, type StateTable } from './next-state.js';

export const ATTEMPT_STATES = [
  'created', 'confirming', 'redirected', 'unknown', 'succeeded', 'failed', 'cancelled', 'refundDue',
] as const; // prettier-ignore
export type AttemptState = (typeof ATTEMPT_STATES)[number];

export const ATTEMPT_EVENTS = [
  'confirmed', 'redirected', 'succeeded', 'succeededLate', 'failed', 'silence', 'cancelled',
] as const; // prettier-ignore
export type AttemptEvent = (typeof ATTEMPT_EVENTS)[number];

/**
 * Row: where the attempt is. Column: what happened. '=' stays (a repeat), '!' is refused.
 * `cancelled` is said only after the PSP or the ledger closed the attempt. `succeededLate`: the money came, but the
 * order is closed, paid by another attempt, or asked for another amount; it is owed back.
 */
// prettier-ignore
const NEXT = {
  created:    { confirmed: 'confirming', redirected: 'redirected', succeeded: 'succeeded', succeededLate: 'refundDue', failed: 'failed', silence: 'unknown', cancelled: 'cancelled' },
  confirming: { confirmed: '=',          redirected: 'redirected', succeeded: 'succeeded', succeededLate: 'refundDue', failed: 'failed', silence: 'unknown', cancelled: 'cancelled' },
  redirected: { confirmed: '!',          redirected: '=',          succeeded: 'succeeded', succeededLate: 'refundDue', failed: 'failed', silence: 'unknown', cancelled: 'cancelled' },
  unknown:    { confirmed: '!',          redirected: 'redirected', succeeded: 'succeeded', succeededLate: 'refundDue', failed: 'failed', silence: '=',       cancelled: 'cancelled' },
  succeeded:  { confirmed: '!',          redirected: '=',          succeeded: '=',         succeededLate: '=',         failed: '=',      silence: '=',       cancelled: '!' },
  failed:     { confirmed: '!',          redirected: '=',          succeeded: 'refundDue', succeededLate: 'refundDue', failed: '=',      silence: '=',       cancelled: '=' },
  cancelled:  { confirmed: '!',          redirected: '=',          succeeded: 'refundDue', succeededLate: 'refundDue', failed: '=',      silence: '=',       cancelled: '=' },
  refundDue:  { confirmed: '!',          redirected: '=',          succeeded: '=',         succeededLate: '=',         failed: '=',      silence: '=',       cancelled: '!' },
} as const satisfies StateTable<AttemptState, AttemptEvent>;

export function nextAttemptState(state: AttemptState, event: AttemptEvent): AttemptState | null {
  return nextIn<AttemptState, AttemptEvent>(NEXT, { state, event });
}

/** States in which money may move without us: at most one attempt of an order is in one of them. */
const OUT_OF_OUR_HANDS = ['confirming', 'redirected', 'unknown'] as const;

export function isOutOfOurHands(state: AttemptState): boolean {
  return OUT_OF_OUR_HANDS.some((open) => open === state);
}

/** `refundDue` is an end too: its money goes back by a refund of its own. */
export function hasEnded(state: AttemptState): boolean {
  return state !== 'created' && !isOutOfOurHands(state);
}
