import { nextIn, type StateTable } from './next-state.js';

export const REFUND_STATES = [
  'requested', 'refused', 'processing', 'success', 'abnormal', 'closed',
] as const; // prettier-ignore
export type RefundState = (typeof REFUND_STATES)[number];

export const REFUND_EVENTS = ['accepted', 'refused', 'succeeded', 'failed', 'closed'] as const;
export type RefundEvent = (typeof REFUND_EVENTS)[number];

/**
 * Row: where the refund is. Column: what happened. '=' stays (a repeat), '!' is refused.
 * Nobody is called before the ledger accepted, so nothing can succeed or fail before that. A success that comes back
 * from the payer's bank becomes `abnormal`: owed again.
 */
// prettier-ignore
const NEXT = {
  requested:  { accepted: 'processing', refused: 'refused', succeeded: '!',       failed: '!',        closed: 'closed' },
  refused:    { accepted: '!',          refused: '=',       succeeded: '!',       failed: '!',        closed: '=' },
  processing: { accepted: '=',          refused: '!',       succeeded: 'success', failed: 'abnormal', closed: 'closed' },
  success:    { accepted: '=',          refused: '!',       succeeded: '=',       failed: 'abnormal', closed: '=' },
  abnormal:   { accepted: '=',          refused: '!',       succeeded: 'success', failed: '=',        closed: 'closed' },
  closed:     { accepted: '=',          refused: '!',       succeeded: 'success', failed: '=',        closed: '=' },
} as const satisfies StateTable<RefundState, RefundEvent>;

export function nextRefundState(state: RefundState, event: RefundEvent): RefundState | null {
  return nextIn<RefundState, RefundEvent>(NEXT, { state, event });
}
