import { describe, expect, it } from '@jest/globals';
import { errMsgOf, failMessage, PENDING } from './attempt-result.js';
import { ATTEMPT_STATES } from './attempt-states.js';

describe('errMsgOf', () => {
  it('says ok for success and cancel for a cancelled attempt, to the byte', () => {
    expect(errMsgOf({ state: 'succeeded', failure: null })).toBe('requestPayment:ok');
    expect(errMsgOf({ state: 'cancelled', failure: null })).toBe('requestPayment:fail cancel');
  });

  it('says the word cancel in no other message', () => {
    for (const state of ATTEMPT_STATES) {
      for (const failure of ['cancelled by the bank', 'Canceled', 'the cancellation', 'FLOOR']) {
        expect(errMsgOf({ state, failure }) ?? '').not.toMatch(/cancel/i);
      }
    }
    expect(PENDING).not.toContain('cancel');
    expect(failMessage('cancelling')).not.toContain('cancel');
  });

  it('says nothing while the payer may still act', () => {
    for (const state of ['created', 'confirming', 'redirected', 'unknown'] as const) {
      expect(errMsgOf({ state, failure: null })).toBeNull();
    }
  });
});
