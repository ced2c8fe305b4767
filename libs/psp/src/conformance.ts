import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Refusal } from '@stuiver/errors';
import { Money } from '@stuiver/money';
import type { PayInFact, PayInWorld } from './conformance-world.js';
import { CAPABILITY_FACTS } from './capability-conformance.js';
import { CAPTURE_FACTS } from './capture-conformance.js';
import { DISPUTE_FACTS } from './dispute-conformance.js';
import { type PayIn, type PspPayment, type PspRefund, PspUnknownOutcome } from './pay-in.js';

/**
 * What every adapter of `PayIn` must do, without a word of any test framework:
 * `it.each([...PAY_IN_FACTS])('$name', ({ prove }) => prove(world))`.
 */
export const PAY_IN_FACTS: readonly PayInFact[] = [
  { name: 'sends the payer of an iDEAL payment to an address, and keeps ours', prove: opens },
  { name: 'opens one payment per key, however often it is asked', prove: opensOnce },
  { name: 'opens one payment per key, also when asked at the same time', prove: opensOnceAtOnce },
  { name: 'finds a payment by either reference, and says when there is none', prove: finds },
  { name: 'says that the outcome is unknown when the answer is lost', prove: losesAnswer },
  { name: 'brings in the whole amount when the bank says yes', prove: succeeds },
  { name: 'says why when the bank says no', prove: fails },
  { name: 'cancels what is not paid, once and for all', prove: cancels },
  { name: 'tells the truth when it cancels too late', prove: cancelsTooLate },
  { name: 'takes a card by the PSP’s own name for it', prove: takesCard },
  {
    name: 'opens a card payment for fields of the PSP’s own, whose secret is told until it is used',
    prove: opensFields,
  },
  { name: 'reports a declined card as a failed payment, each time it is asked', prove: declines },
  { name: 'gives back in parts, never more than came in', prove: refundsInParts },
  { name: 'gives back once per key, and finds it by our own id', prove: refundsOnce },
  { name: 'refuses to give back what never came in', prove: refusesEarlyRefund },
  { name: 'reads the PSP’s message about a payment', prove: readsPaymentMessage },
  { name: 'reads the PSP’s message about a refund', prove: readsRefundMessage },
  { name: 'refuses a message that was changed or signed by another', prove: refusesForgery },
  ...CAPABILITY_FACTS,
  ...CAPTURE_FACTS,
  ...DISPUTE_FACTS,
];

const AMOUNT = euros(1250n);
/** Of a payment that went to the platform itself. */
const OURS = { reverseTransfer: false, returnFee: false };

function euros(minor: bigint): Money {
  return Money.ofMinor(minor, 'EUR');
}

type OpenRequest = Parameters<PayIn['openPayment']>[0];

function newRequest(over: Partial<OpenRequest> = {}): OpenRequest {
  const reference = `att_${randomUUID()}`;
  return {
    ...{ reference, idempotencyKey: reference, amount: AMOUNT, method: 'ideal' },
    ...{ description: 'Café De Stuiver', returnUrl: 'https://shop.test/back?order=1' },
    destination: null,
    ...over,
  };
}

async function paid(world: PayInWorld): Promise<PspPayment> {
  const payment = await world.psp.openPayment(newRequest());
  await world.decide(payment, 'authorise');
  return now(world, payment);
}

async function now(world: PayInWorld, { pspReference }: PspPayment): Promise<PspPayment> {
  const found = await world.psp.findPayment({ pspReference });
  assert.ok(found, 'a payment that was opened is found');
  return found;
}

async function opens({ psp }: PayInWorld): Promise<void> {
  const request = newRequest();
  const payment = await psp.openPayment(request);
  assert.equal(payment.state, 'redirect');
  assert.equal(payment.reference, request.reference);
  assert.equal(payment.method, 'ideal');
  assert.ok(payment.amount.equals(AMOUNT));
  assert.ok(URL.canParse(payment.redirectUrl ?? ''), 'the payer has somewhere to go');
  assert.equal(payment.failure, null);
}

async function opensOnce({ psp }: PayInWorld): Promise<void> {
  const request = newRequest();
  assert.deepEqual(await psp.openPayment(request), await psp.openPayment(request));
}

async function opensOnceAtOnce({ psp }: PayInWorld): Promise<void> {
  const request = newRequest();
  const calls = await Promise.allSettled([1, 2, 3].map(() => psp.openPayment(request)));
  const references = calls.map((call) => {
    if (call.status === 'fulfilled') return call.value.pspReference;
    assert.ok(call.reason instanceof PspUnknownOutcome, 'a key in use is an unknown outcome');
    return undefined;
  });
  const known = new Set(references.filter((reference) => reference !== undefined));
  assert.deepEqual([...known], [(await psp.openPayment(request)).pspReference]);
}

async function finds({ psp }: PayInWorld): Promise<void> {
  const { reference, ...request } = newRequest();
  const { pspReference } = await psp.openPayment({ ...request, reference });
  assert.equal((await psp.findPayment({ pspReference }))?.reference, reference);
  assert.equal((await psp.findPayment({ reference }))?.pspReference, pspReference);
  assert.equal(await psp.findPayment({ pspReference: 'pi_nobody' }), undefined);
  assert.equal(await psp.findPayment({ reference: `att_${randomUUID()}` }), undefined);
}

async function losesAnswer(world: PayInWorld): Promise<void> {
  const request = newRequest();
  await world.loseNextAnswer();
  await assert.rejects(world.psp.openPayment(request), PspUnknownOutcome);
  const found = await world.psp.findPayment({ reference: request.reference });
  const again = await world.psp.openPayment(request);
  assert.equal(again.pspReference, found?.pspReference, 'the lost one is found, not a second made');
}

async function succeeds(world: PayInWorld): Promise<void> {
  const payment = await paid(world);
  assert.equal(payment.state, 'succeeded');
  assert.ok(payment.amount.equals(AMOUNT));
  assert.equal(payment.failure, null);
}

async function fails(world: PayInWorld): Promise<void> {
  const payment = await world.psp.openPayment(newRequest());
  await world.decide(payment, 'fail');
  const failed = await now(world, payment);
  assert.equal(failed.state, 'failed');
  assert.equal(failed.method, 'ideal');
  assert.ok(failed.failure, 'a failure has a reason');
}

async function cancels({ psp }: PayInWorld): Promise<void> {
  const { pspReference } = await psp.openPayment(newRequest());
  for (const idempotencyKey of [`${pspReference}:1`, `${pspReference}:1`, `${pspReference}:2`]) {
    const ended = await psp.cancelPayment({ pspReference, idempotencyKey });
    assert.equal(ended.state, 'cancelled');
  }
}

async function cancelsTooLate(world: PayInWorld): Promise<void> {
  const { pspReference } = await paid(world);
  const idempotencyKey = `${pspReference}:late`;
  const ended = await world.psp.cancelPayment({ pspReference, idempotencyKey });
  assert.equal(ended.state, 'succeeded');
}

async function takesCard({ psp }: PayInWorld): Promise<void> {
  const payment = await psp.openPayment(newRequest({ method: 'card', cardToken: 'pm_card_visa' }));
  assert.equal(payment.state, 'succeeded');
  assert.equal(payment.method, 'card');
  assert.equal(payment.redirectUrl, null);
}

async function opensFields({ psp }: PayInWorld): Promise<void> {
  const request = newRequest({ method: 'card' });
  const { pspReference, state, fieldsSecret, redirectUrl } = await psp.openPayment(request);
  assert.equal(state, 'open');
  assert.equal(redirectUrl, null);
  assert.ok(fieldsSecret, 'the fields need a secret');
  assert.equal((await psp.findPayment({ pspReference }))?.fieldsSecret, fieldsSecret);
  const idempotencyKey = `${pspReference}:fields`;
  const ended = await psp.cancelPayment({ pspReference, idempotencyKey });
  assert.equal(ended.state, 'cancelled');
  assert.equal((await psp.findPayment({ pspReference }))?.fieldsSecret, null);
}

async function declines({ psp }: PayInWorld): Promise<void> {
  const request = newRequest({ method: 'card', cardToken: 'pm_card_chargeDeclined' });
  const payment = await psp.openPayment(request);
  assert.equal(payment.state, 'failed');
  assert.ok(payment.failure, 'a decline has a reason');
  assert.deepEqual(await psp.openPayment(request), payment);
}

async function refundsInParts(world: PayInWorld): Promise<void> {
  const { pspReference } = await paid(world);
  const give = (minor: bigint): Promise<PspRefund> => {
    const refundId = `rfd_${randomUUID()}`;
    const what = { refundId, idempotencyKey: refundId, amount: euros(minor) };
    return world.psp.refund({ ...what, ...OURS, pspReference });
  };
  assert.equal((await give(1000n)).amount.minor, 1000n);
  await assert.rejects(give(251n), isRefused);
  assert.equal((await give(250n)).amount.minor, 250n);
  await assert.rejects(give(1n), isRefused);
}

async function refundsOnce(world: PayInWorld): Promise<void> {
  const { pspReference } = await paid(world);
  const refundId = `rfd_${randomUUID()}`;
  assert.equal(await world.psp.findRefund({ refundId, pspReference }), undefined);
  const request = {
    refundId,
    pspReference,
    idempotencyKey: refundId,
    amount: euros(700n),
    ...OURS,
  };
  const refund = await world.psp.refund(request);
  assert.equal(refund.refundId, refundId);
  assert.ok(['pending', 'succeeded'].includes(refund.state));
  assert.equal((await world.psp.refund(request)).pspReference, refund.pspReference);
  const found = await world.psp.findRefund({ refundId, pspReference });
  assert.equal(found?.pspReference, refund.pspReference);
}

async function refusesEarlyRefund({ psp }: PayInWorld): Promise<void> {
  const { pspReference } = await psp.openPayment(newRequest());
  const refundId = `rfd_${randomUUID()}`;
  const request = { refundId, pspReference, idempotencyKey: refundId, amount: AMOUNT, ...OURS };
  await assert.rejects(psp.refund(request), isRefused);
}

async function readsPaymentMessage(world: PayInWorld): Promise<void> {
  const payment = await paid(world);
  const event = world.psp.readWebhook(await world.messageAbout(payment));
  assert.equal(event.type, 'payment');
  assert.equal(event.pspReference, payment.pspReference);
  assert.equal(event.reference, payment.reference);
  assert.notEqual(event.pspEventId, '');
}

async function readsRefundMessage(world: PayInWorld): Promise<void> {
  const { pspReference } = await paid(world);
  const refundId = `rfd_${randomUUID()}`;
  const request = { refundId, pspReference, idempotencyKey: refundId, amount: AMOUNT, ...OURS };
  const refund = await world.psp.refund(request);
  const event = world.psp.readWebhook(await world.messageAbout(refund));
  assert.equal(event.type, 'refund');
  assert.equal(event.pspReference, refund.pspReference);
  assert.equal(event.reference, refundId);
}

async function refusesForgery(world: PayInWorld): Promise<void> {
  const { rawBody, signature } = await world.messageAbout(await paid(world));
  const changed = Buffer.from(Buffer.from(rawBody).toString().replace('pi_', 'pi-'));
  const forgeries = [
    { rawBody: changed, signature },
    { rawBody, signature: signature.replace(/.$/, (last) => (last === '0' ? '1' : '0')) },
    { rawBody, signature: '' },
  ];
  for (const forgery of forgeries) {
    assert.throws(() => world.psp.readWebhook(forgery), isForged);
  }
}

function isRefused(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'PSP_REFUSED';
}

function isForged(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'PSP_SIGNATURE_WRONG';
}
