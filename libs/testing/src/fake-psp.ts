import { createHash } from 'node:crypto';
import { Refusal } from '@stuiver/errors';
import type { Money } from '@stuiver/money';
import {
  type PayIn,
  type PspCapabilities,
  type PspDispute,
  type PspEvent,
  type PspPayment,
  type PspRefund,
  PspUnknownOutcome,
} from '@stuiver/psp';
import { FakeDisputes } from './fake-disputes.js';

type OpenRequest = Parameters<PayIn['openPayment']>[0];
type RefundRequest = Parameters<PayIn['refund']>[0];

/**
 * A PSP in memory that keeps the port's promises: one payment per idempotency key, refunds never beyond what was paid.
 * The payer's bank is operated by the test.
 */
export class FakePsp implements PayIn {
  readonly capabilities: PspCapabilities = {
    methods: ['ideal', 'card'],
    disputes: ['card'],
    manualCapture: ['card'],
    partialRefunds: true,
  };
  /** A test says when nobody is to be asked. */
  isReachable = true;
  readonly disputes = new FakeDisputes();
  readonly payments = new Map<string, PspPayment>();
  readonly refunds = new Map<
    string,
    PspRefund & Pick<RefundRequest, 'reverseTransfer' | 'returnFee'> & { readonly payment: string }
  >();
  /** What was asked for each payment first, by our own reference. */
  readonly asked = new Map<string, OpenRequest>();
  /** How refunds answer from now on. */
  refundsBecome: PspRefund['state'] = 'succeeded';
  private readonly byKey = new Map<string, string>();
  private answersToLose = 0;
  private isDown = false;
  private events = 0;

  /** The next calls do their work, and the answer is lost on the way back. */
  loseAnswers(count: number): void {
    this.answersToLose = count;
  }

  /** Down: nothing arrives. */
  setDown(isDown: boolean): void {
    this.isDown = isDown;
  }

  /** The payer's bank answers. */
  settle(reference: string, state: 'succeeded' | 'failed'): void {
    const payment = this.paymentOf(reference);
    const failure = state === 'failed' ? 'payment_intent_authentication_failure' : null;
    this.payments.set(payment.pspReference, { ...payment, state, failure });
  }

  /** What the bank brought is not what was asked for. */
  changeAmount(reference: string, amount: Money): void {
    const payment = this.paymentOf(reference);
    this.payments.set(payment.pspReference, { ...payment, amount });
  }

  settleRefund(refundId: string, state: 'succeeded' | 'failed'): void {
    for (const [key, refund] of this.refunds) {
      if (refund.refundId === refundId) this.refunds.set(key, { ...refund, state });
    }
  }

  /** A payment by our own reference. */
  paymentOf(reference: string): PspPayment {
    const found = this.all().find((payment) => payment.reference === reference);
    if (found === undefined) throw new Error(`the fake PSP has no payment for ${reference}`);
    return found;
  }

  /** The webhook for what just happened, ready to be posted. */
  webhookOf(thing: PspPayment | PspRefund | PspDispute): {
    rawBody: Uint8Array;
    signature: string;
  } {
    this.events += 1;
    const event: PspEvent = {
      pspEventId: `evt_${String(this.events)}`,
      occurredAt: new Date(0),
      pspReference: thing.pspReference,
      ...subjectOf(thing),
    };
    const rawBody = Buffer.from(JSON.stringify(event));
    return { rawBody, signature: signatureOf(rawBody) };
  }

  openPayment(request: OpenRequest): Promise<PspPayment> {
    return this.answer(() => {
      const known = this.payments.get(this.byKey.get(request.idempotencyKey) ?? '');
      const payment = known ?? newPayment(request, this.payments.size);
      this.byKey.set(request.idempotencyKey, payment.pspReference);
      this.payments.set(payment.pspReference, payment);
      if (known === undefined) this.asked.set(request.reference, request);
      return payment;
    });
  }

  findPayment(by: Parameters<PayIn['findPayment']>[0]): Promise<PspPayment | undefined> {
    return this.answer(() =>
      'pspReference' in by
        ? this.payments.get(by.pspReference)
        : this.all().find((payment) => payment.reference === by.reference),
    );
  }

  capturePayment(request: Parameters<PayIn['capturePayment']>[0]): Promise<PspPayment> {
    return this.answer(() => {
      const { pspReference, amount, idempotencyKey } = request;
      const payment = this.payments.get(pspReference);
      if (payment !== undefined && this.byKey.get(idempotencyKey) === pspReference) return payment;
      if (payment?.state !== 'authorised' || amount.minor > payment.amount.minor) {
        throw new Refusal('PSP_REFUSED', { reason: 'payment_intent_unexpected_state' });
      }
      const captured: PspPayment = { ...payment, state: 'succeeded', amount };
      this.byKey.set(idempotencyKey, pspReference);
      this.payments.set(pspReference, captured);
      return captured;
    });
  }

  cancelPayment(request: { pspReference: string }): Promise<PspPayment> {
    return this.answer(() => {
      const payment = this.payments.get(request.pspReference);
      if (payment === undefined) throw new Refusal('PSP_REFUSED', { reason: 'resource_missing' });
      if (payment.state === 'succeeded') return payment;
      const cancelled: PspPayment = { ...payment, state: 'cancelled', fieldsSecret: null };
      this.payments.set(payment.pspReference, cancelled);
      return cancelled;
    });
  }

  refund(request: RefundRequest): Promise<PspRefund> {
    return this.answer(() => this.refunds.get(request.idempotencyKey) ?? this.newRefund(request));
  }

  findRefund(by: { refundId: string }): Promise<PspRefund | undefined> {
    const all = [...this.refunds.values()];
    return this.answer(() => all.find((refund) => refund.refundId === by.refundId));
  }

  findDispute(pspReference: string): Promise<PspDispute | undefined> {
    return this.answer(() => this.disputes.all.get(pspReference));
  }

  disputesSince(moment: Date): Promise<readonly string[]> {
    // A look at what is there: it uses up no answer that a test wants lost.
    if (this.isDown) return Promise.reject(new PspUnknownOutcome('the fake PSP is down'));
    return Promise.resolve(this.disputes.since(moment));
  }

  readWebhook(message: { rawBody: Uint8Array; signature: string }): PspEvent {
    if (message.signature !== signatureOf(message.rawBody))
      throw new Refusal('PSP_SIGNATURE_WRONG');
    const event = JSON.parse(Buffer.from(message.rawBody).toString()) as PspEvent;
    return { ...event, occurredAt: new Date(event.occurredAt) };
  }

  private newRefund(request: RefundRequest): PspRefund {
    const { refundId, pspReference, amount, idempotencyKey, reverseTransfer, returnFee } = request;
    const paid = this.payments.get(pspReference);
    const before = [...this.refunds.values()].filter((one) => one.payment === pspReference);
    const sum = before.reduce((total, one) => total + one.amount.minor, amount.minor);
    if (this.disputes.takes(pspReference)) {
      throw new Refusal('PSP_REFUSED', { reason: 'charge_disputed' });
    }
    if (paid?.state !== 'succeeded' || sum > paid.amount.minor) {
      throw new Refusal('PSP_REFUSED', { reason: 'charge_already_refunded' });
    }
    const refund = {
      ...{ pspReference: `re_${String(this.refunds.size + 1)}`, refundId, amount },
      ...{ state: this.refundsBecome, failure: null, payment: pspReference },
      ...{ reverseTransfer, returnFee },
    };
    this.refunds.set(idempotencyKey, refund);
    return refund;
  }

  private all(): PspPayment[] {
    return [...this.payments.values()];
  }

  private async answer<T>(work: () => T): Promise<T> {
    await Promise.resolve();
    if (this.isDown) throw new PspUnknownOutcome('the fake PSP is down');
    const result = work();
    if (this.answersToLose === 0) return result;
    this.answersToLose -= 1;
    throw new PspUnknownOutcome('the answer of the fake PSP is lost');
  }
}

function newPayment(request: OpenRequest, count: number): PspPayment {
  const { reference, amount, method, cardToken } = request;
  const pspReference = `pi_${String(count + 1)}`;
  const isDeclined = cardToken?.includes('Declined') === true;
  const byFields = method === 'card' && cardToken === undefined;
  const paidState = request.capture === 'manual' ? 'authorised' : 'succeeded';
  const cardState = isDeclined ? 'failed' : byFields ? 'open' : paidState;
  return {
    ...{ pspReference, reference, amount, method },
    state: method === 'card' ? cardState : 'redirect',
    redirectUrl: method === 'card' ? null : `https://bank.test/${pspReference}`,
    fieldsSecret: byFields ? `${pspReference}_secret` : null,
    failure: isDeclined ? 'card_declined' : null,
  };
}

function subjectOf(
  thing: PspPayment | PspRefund | PspDispute,
): Pick<PspEvent, 'type' | 'reference'> {
  if ('refundId' in thing) return { type: 'refund', reference: thing.refundId };
  if ('payment' in thing) return { type: 'dispute', reference: null };
  return { type: 'payment', reference: thing.reference };
}

function signatureOf(rawBody: Uint8Array): string {
  return createHash('sha256').update('fake').update(rawBody).digest('hex');
}
