import { describe, expect, it } from '@jest/globals';
import { ATTEMPT_EVENTS, ATTEMPT_STATES, nextAttemptState } from './attempt-states.js';
import { nextOrderState, ORDER_EVENTS, TRADE_STATES } from './order-states.js';
import { nextRefundState, REFUND_EVENTS, REFUND_STATES } from './refund-states.js';

describe('order states', () => {
  it('never leave money without an owner: money is refused in no state', () => {
    for (const state of TRADE_STATES) expect(nextOrderState(state, 'moneyCame')).not.toBeNull();
  });

  it('take money once, and never after closing', () => {
    expect(TRADE_STATES.map((state) => nextOrderState(state, 'moneyCame'))).toEqual([
      'SUCCESS',
      'SUCCESS',
      'REFUND',
      'CLOSED',
    ]);
  });

  it('close an unpaid order only', () => {
    expect(TRADE_STATES.map((state) => nextOrderState(state, 'closed'))).toEqual([
      'CLOSED',
      null,
      null,
      'CLOSED',
    ]);
  });

  it('accept every event twice as once', () => {
    for (const state of TRADE_STATES) {
      for (const event of ORDER_EVENTS) {
        const once = nextOrderState(state, event);
        if (once !== null) expect(nextOrderState(once, event)).toBe(once);
      }
    }
  });
});

describe('attempt states', () => {
  it.each(ATTEMPT_STATES)('never refuse success: %s', (state) => {
    expect(nextAttemptState(state, 'succeeded')).not.toBeNull();
    expect(nextAttemptState(state, 'succeededLate')).not.toBeNull();
  });

  it('owe money back that came after a refusal or a cancel', () => {
    expect(nextAttemptState('failed', 'succeeded')).toBe('refundDue');
    expect(nextAttemptState('cancelled', 'succeeded')).toBe('refundDue');
  });

  it('never cancel what got money', () => {
    expect(nextAttemptState('succeeded', 'cancelled')).toBeNull();
    expect(nextAttemptState('refundDue', 'cancelled')).toBeNull();
  });

  it('confirm only what is open', () => {
    const confirmed = ATTEMPT_STATES.filter(
      (state) => nextAttemptState(state, 'confirmed') !== null,
    );
    expect(confirmed).toEqual(['created', 'confirming']);
  });

  it('leave an ended attempt alone when an older message arrives', () => {
    for (const event of ['redirected', 'failed', 'silence'] as const) {
      for (const state of ['succeeded', 'failed', 'cancelled', 'refundDue'] as const) {
        expect(nextAttemptState(state, event)).toBe(state);
      }
    }
  });

  it('accept every event twice as once', () => {
    for (const state of ATTEMPT_STATES) {
      for (const event of ATTEMPT_EVENTS) {
        const once = nextAttemptState(state, event);
        // The second success of a failed attempt finds it owed back: still one payment.
        if (once !== null) expect(nextAttemptState(once, event)).toBe(once);
      }
    }
  });
});

describe('refund states', () => {
  it('call nobody before the ledger accepted', () => {
    for (const state of ['requested', 'refused'] as const) {
      expect(nextRefundState(state, 'succeeded')).toBeNull();
      expect(nextRefundState(state, 'failed')).toBeNull();
    }
  });

  it('owe again what came back after success', () => {
    expect(nextRefundState('success', 'failed')).toBe('abnormal');
  });

  it('accept every event twice as once', () => {
    for (const state of REFUND_STATES) {
      for (const event of REFUND_EVENTS) {
        const once = nextRefundState(state, event);
        if (once !== null) expect(nextRefundState(once, event)).toBe(once);
      }
    }
  });
});
