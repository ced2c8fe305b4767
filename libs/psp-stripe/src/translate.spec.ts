import { describe, expect, it } from '@jest/globals';
import type Stripe from 'stripe';
import { toPayment, toRefund } from './translate.js';

/** As far as we read it. */
function intent(over: object): Stripe.PaymentIntent {
  const base = {
    ...{ id: 'pi_1', amount: 1250, amount_received: 0, currency: 'eur', metadata: {} },
    ...{ payment_method_types: ['ideal'], next_action: null, last_payment_error: null },
    status: 'requires_action',
  };
  return { ...base, ...over } as unknown as Stripe.PaymentIntent;
}

function refund(over: object): Stripe.Refund {
  const base = { id: 're_1', amount: 500, currency: 'eur', metadata: { stuiver_refund: 'rfd_1' } };
  return { ...base, status: 'succeeded', ...over } as unknown as Stripe.Refund;
}

const ERROR = { type: 'card_error', code: 'card_declined', decline_code: 'lost_card' };

describe('a payment intent', () => {
  it.each([
    ['requires_payment_method', null, 'open'],
    ['requires_payment_method', ERROR, 'failed'],
    ['requires_confirmation', null, 'open'],
    ['requires_action', null, 'redirect'],
    ['processing', null, 'processing'],
    ['requires_capture', null, 'authorised'],
    ['succeeded', null, 'succeeded'],
    ['canceled', ERROR, 'cancelled'],
    ['a_status_of_next_year', null, 'open'],
  ])('in %s, with the error %j, is %s', (status, last_payment_error, state) => {
    expect(toPayment(intent({ status, last_payment_error })).state).toBe(state);
  });

  it('counts what arrived, not what was asked for', () => {
    const paid = toPayment(intent({ status: 'succeeded', amount_received: 1200 }));
    expect(paid.amount.minor).toBe(1200n);
    expect(toPayment(intent({})).amount.minor).toBe(1250n);
  });

  it.each([
    [ERROR, 'lost_card'],
    [{ type: 'card_error', code: 'processing_error' }, 'processing_error'],
    [{ type: 'api_error' }, 'api_error'],
    [null, null],
  ])('with the error %j failed for %s', (last_payment_error, failure) => {
    expect(toPayment(intent({ last_payment_error })).failure).toBe(failure);
  });
});

describe('a refund', () => {
  it.each([
    ['succeeded', 'succeeded'],
    ['failed', 'failed'],
    ['canceled', 'cancelled'],
    ['pending', 'pending'],
    ['requires_action', 'pending'],
    [null, 'pending'],
  ])('in %s is %s', (status, state) => {
    expect(toRefund(refund({ status })).state).toBe(state);
  });

  it('tells why it failed', () => {
    const failed = toRefund(
      refund({ status: 'failed', failure_reason: 'expired_or_canceled_card' }),
    );
    expect(failed).toMatchObject({ refundId: 'rfd_1', failure: 'expired_or_canceled_card' });
  });
});
