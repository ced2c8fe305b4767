import type Stripe from 'stripe';
import { Refusal } from '@stuiver/errors';
import type {
  PayIn,
  PspCapabilities,
  PspDispute,
  PspEvent,
  PspPayment,
  PspRefund,
} from '@stuiver/psp';
import { findByReference } from './find-by-reference.js';
import { declinedIntent, inOurWords, isKeySpent, undefinedWhenAbsent } from './outcomes.js';
import { stripeClient, stripeGate, type StripeOptions } from './stripe-client.js';
import { disputesSince, findDispute } from './stripe-disputes.js';
import type { StripeGate } from './stripe-gate.js';
import { REFERENCE_KEY, REFUND_KEY, toPayment, toRefund } from './translate.js';
import { readStripeWebhook } from './webhook.js';

export type StripePayInOptions = StripeOptions;

const REFUNDS_PER_PAYMENT_MAX = 100;

/** The PSP port spoken to Stripe with its own package. Amounts are minor units there too. */
export class StripePayIn implements PayIn {
  readonly capabilities: PspCapabilities = {
    methods: ['ideal', 'card'],
    disputes: ['card'],
    manualCapture: ['card'],
    partialRefunds: true,
  };
  private readonly stripe: Stripe;
  private readonly gate: StripeGate;

  constructor(private readonly options: StripePayInOptions) {
    this.gate = options.gate ?? stripeGate(options);
    // Our own resolver asks again with the same key; the library's quick retries come on top.
    this.stripe = stripeClient({ ...options, gate: this.gate }, 1);
  }

  get isReachable(): boolean {
    return this.gate.isOpen;
  }

  async openPayment(request: Parameters<PayIn['openPayment']>[0]): Promise<PspPayment> {
    const wanted = intentOf(request);
    const { idempotencyKey } = request;
    try {
      const intent = await inOurWords(() =>
        this.stripe.paymentIntents.create(wanted, { idempotencyKey }),
      );
      return toPayment(intent);
    } catch (error) {
      const declined = declinedIntent(error);
      if (declined !== undefined) return toPayment(declined);
      const { reference } = request;
      const found = isKeySpent(error) ? await this.findPayment({ reference }) : undefined;
      if (found === undefined) throw error;
      return found;
    }
  }

  async findPayment(by: Parameters<PayIn['findPayment']>[0]): Promise<PspPayment | undefined> {
    const intent = await ('pspReference' in by
      ? this.retrieve(by.pspReference)
      : findByReference(this.stripe, by.reference, this.options.clock));
    return intent === undefined ? undefined : toPayment(intent);
  }

  async capturePayment(request: Parameters<PayIn['capturePayment']>[0]): Promise<PspPayment> {
    const { pspReference, amount, idempotencyKey } = request;
    const wanted = { amount_to_capture: amount.toJsonInteger() };
    const intent = await inOurWords(() =>
      this.stripe.paymentIntents.capture(pspReference, wanted, { idempotencyKey }),
    );
    return toPayment(intent);
  }

  async cancelPayment(request: Parameters<PayIn['cancelPayment']>[0]): Promise<PspPayment> {
    const { pspReference, idempotencyKey } = request;
    try {
      const intent = await inOurWords(() =>
        this.stripe.paymentIntents.cancel(pspReference, {}, { idempotencyKey }),
      );
      return toPayment(intent);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // It had ended already: what counts is how.
      const found = await this.findPayment({ pspReference });
      if (found === undefined) throw error;
      return found;
    }
  }

  async refund(request: Parameters<PayIn['refund']>[0]): Promise<PspRefund> {
    const { refundId, pspReference, amount, idempotencyKey, reverseTransfer, returnFee } = request;
    const refund = await inOurWords(() =>
      this.stripe.refunds.create(
        {
          payment_intent: pspReference,
          amount: amount.toJsonInteger(),
          metadata: { [REFUND_KEY]: refundId },
          ...(reverseTransfer
            ? { reverse_transfer: true, refund_application_fee: returnFee }
            : undefined),
        },
        { idempotencyKey },
      ),
    );
    return toRefund(refund);
  }

  async findRefund(by: Parameters<PayIn['findRefund']>[0]): Promise<PspRefund | undefined> {
    const list = await inOurWords(() =>
      this.stripe.refunds.list({ payment_intent: by.pspReference, limit: REFUNDS_PER_PAYMENT_MAX }),
    );
    const found = list.data.find((refund) => refund.metadata?.[REFUND_KEY] === by.refundId);
    return found === undefined ? undefined : toRefund(found);
  }

  findDispute(pspReference: string): Promise<PspDispute | undefined> {
    return findDispute(this.stripe, pspReference);
  }

  disputesSince(moment: Date): Promise<readonly string[]> {
    return disputesSince(this.stripe, moment);
  }

  readWebhook(message: Parameters<PayIn['readWebhook']>[0]): PspEvent {
    const { webhookSecret, clock } = this.options;
    return readStripeWebhook({ ...message, secret: webhookSecret, now: clock.now() });
  }

  private retrieve(pspReference: string): Promise<Stripe.PaymentIntent | undefined> {
    return inOurWords(() => this.stripe.paymentIntents.retrieve(pspReference)).catch(
      undefinedWhenAbsent,
    );
  }
}

function intentOf(request: Parameters<PayIn['openPayment']>[0]): Stripe.PaymentIntentCreateParams {
  const { amount, method } = request;
  return {
    amount: amount.toJsonInteger(),
    currency: amount.currency.toLowerCase(),
    allowed_payment_method_types: [method],
    ...(request.capture === 'manual' ? { capture_method: 'manual' as const } : {}),
    ...confirmationOf(request),
    ...destinationOf(request),
    description: request.description,
    metadata: { [REFERENCE_KEY]: request.reference },
  };
}

/** A destination charge: all of it goes on to the merchant's account, and our fee comes back from there. */
function destinationOf({
  destination,
  reference,
}: Parameters<PayIn['openPayment']>[0]): Pick<
  Stripe.PaymentIntentCreateParams,
  'transfer_data' | 'transfer_group' | 'on_behalf_of' | 'application_fee_amount'
> {
  if (destination === null) return {};
  const { account, applicationFee } = destination;
  const fee = applicationFee.toJsonInteger();
  return {
    transfer_data: { destination: account },
    on_behalf_of: account,
    // Charge, transfer and fee of one payment find each other by it.
    transfer_group: reference,
    ...(fee === 0 ? {} : { application_fee_amount: fee }),
  };
}

/** A card without a token is confirmed from the payer's browser, by Stripe's own fields. */
function confirmationOf(
  request: Parameters<PayIn['openPayment']>[0],
): Pick<
  Stripe.PaymentIntentCreateParams,
  'confirm' | 'payment_method' | 'payment_method_data' | 'return_url'
> {
  const { method, cardToken, returnUrl } = request;
  const confirmed = { confirm: true, return_url: returnUrl };
  if (method === 'ideal') return { ...confirmed, payment_method_data: { type: 'ideal' } };
  return cardToken === undefined ? {} : { ...confirmed, payment_method: cardToken };
}
