import { errMsgOf, PENDING, wordsOf } from '../../../domain/attempt-result.js';
import { isOutOfOurHands } from '../../../domain/attempt-states.js';
import type { Attempt } from '../../../domain/attempt.js';

export interface ShownAttempt {
  readonly attempt_id: string;
  readonly state: Attempt['state'];
  /** What `requestPayment` says; null while the payer may still act. */
  readonly err_msg: string | null;
  readonly redirect_url: string | null;
  /** While staff look at it: until when at the latest. Nothing was taken. */
  readonly held_until: string | null;
  readonly failure: { readonly code: string; readonly message: string } | null;
}

const CODE = /^[A-Z_]+$/;

export function presentAttempt(attempt: Attempt): ShownAttempt {
  const { id, state, redirectUrl, failure, heldUntil } = attempt;
  return {
    ...{ attempt_id: id, state, err_msg: errMsgOf(attempt) },
    redirect_url: isOutOfOurHands(state) ? redirectUrl : null,
    held_until: state === 'created' ? (heldUntil?.toISOString() ?? null) : null,
    failure: failure === null ? null : { code: codeOf(failure), message: wordsOf(failure) },
  };
}

/** For who leaves: an attempt that nobody could end is pending, and its shop is to ask its order. */
export function presentLeft(attempt: Attempt): ShownAttempt {
  const shown = presentAttempt(attempt);
  return { ...shown, err_msg: shown.err_msg ?? PENDING };
}

/** The ledger's word for too little money is the catalogue's. */
function codeOf(failure: string): string {
  if (failure === 'FLOOR') return 'INSUFFICIENT_FUNDS';
  return CODE.test(failure) ? failure : 'PSP_REFUSED';
}
