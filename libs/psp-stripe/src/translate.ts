import type Stripe from 'stripe';
import { invariant } from '@stuiver/errors';
import { isCurrency, Money } from '@stuiver/money';
import type { PspPayment, PspRefund } from '@stuiver/psp';

/** Metadata keys under which Stripe keeps our ids. */
export const REFERENCE_KEY = 'stuiver_reference';
export const REFUND_KEY = 'stuiver_refund';
export const PAYOUT_KEY = 'stuiver_payout';

export function toPayment(intent: Stripe.PaymentIntent): PspPayment {
  return {
    pspReference: intent.id,
    reference: intent.metadata[REFERENCE_KEY] ?? '',
    state: stateOf(intent),
    redirectUrl: intent.next_action?.redirect_to_url?.url ?? null,
    amount: moneyOf(
      // What arrived is what counts, should it ever differ from what was asked.
      intent.status === 'succeeded' ? intent.amount_received : intent.amount,
      intent.currency,
    ),
    method: intent.payment_method_types.includes('ideal') ? 'ideal' : 'card',
    fieldsSecret: canTakeCard(intent) ? intent.client_secret : null,
    failure: failureOf(intent),
  };
}

/** Nobody has tried to pay it yet: after a failed try our attempt is over, and another has a payment of its own. */
function canTakeCard(intent: Stripe.PaymentIntent): boolean {
  const { status, last_payment_error: error, payment_method_types: types } = intent;
  return types.includes('card') && status === 'requires_payment_method' && error === null;
}

function failureOf({ last_payment_error: error }: Stripe.PaymentIntent): string | null {
  if (error === null) return null;
  return error.decline_code ?? error.code ?? error.type;
}

function stateOf(intent: Stripe.PaymentIntent): PspPayment['state'] {
  switch (intent.status) {
    case 'succeeded':
      return 'succeeded';
    case 'canceled':
      return 'cancelled';
    case 'processing':
      return 'processing';
    case 'requires_capture':
      return 'authorised';
    case 'requires_action':
      return 'redirect';
    // After a failed try Stripe waits for another payment method; our attempt has one, so it is over.
    case 'requires_payment_method':
      return intent.last_payment_error === null ? 'open' : 'failed';
    case 'requires_confirmation':
      return 'open';
    default:
      // A status that a newer API knows: not ended, as far as we can tell.
      return 'open';
  }
}

export function toRefund(refund: Stripe.Refund): PspRefund {
  return {
    pspReference: refund.id,
    refundId: refund.metadata?.[REFUND_KEY] ?? '',
    state: refundStateOf(refund.status),
    amount: moneyOf(refund.amount, refund.currency),
    failure: refund.failure_reason ?? null,
  };
}

function refundStateOf(status: string | null): PspRefund['state'] {
  switch (status) {
    case 'succeeded':
      return 'succeeded';
    case 'failed':
      return 'failed';
    case 'canceled':
      return 'cancelled';
    case null:
    default:
      return 'pending';
  }
}

export function moneyOf(amount: number, currency: string): Money {
  const code = currency.toUpperCase();
  invariant(isCurrency(code), `the PSP answers in a currency we asked for, not ${code}`);
  return Money.ofMinor(BigInt(amount), code);
}
