import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Refusal } from '@stuiver/errors';
import { Money } from '@stuiver/money';
import type { PayInFact, PayInWorld } from './conformance-world.js';
import { type PspPayment, PspUnknownOutcome } from './pay-in.js';

/** That money can be set aside first and taken later, where an adapter says so. */
export const CAPTURE_FACTS: readonly PayInFact[] = [
  { name: 'sets money aside and takes it later, once per key', prove: takesLater },
  { name: 'takes a part of what was set aside, and lets the rest go', prove: takesPart },
  { name: 'takes no more than was set aside, and nothing twice', prove: takesNoMore },
  { name: 'lets go of what is cancelled before it was taken', prove: letsGo },
  {
    name: 'says that the outcome of taking is unknown when the answer is lost',
    prove: losesAnswer,
  },
];

const AMOUNT = Money.ofMinor(5_000n, 'EUR');
const PART = Money.ofMinor(3_200n, 'EUR');

/** Nothing to prove where no method sets money aside. */
async function setAside({ psp }: PayInWorld): Promise<PspPayment | undefined> {
  if (!psp.capabilities.manualCapture.includes('card')) return undefined;
  const reference = `att_${randomUUID()}`;
  const payment = await psp.openPayment({
    ...{ reference, idempotencyKey: reference, amount: AMOUNT, method: 'card', destination: null },
    ...{ description: 'Borg', returnUrl: 'https://shop.test/back' },
    ...{ cardToken: 'pm_card_visa', capture: 'manual' },
  });
  assert.equal(payment.state, 'authorised');
  assert.ok(payment.amount.equals(AMOUNT));
  return payment;
}

async function takesLater(world: PayInWorld): Promise<void> {
  const payment = await setAside(world);
  if (payment === undefined) return;
  const { pspReference } = payment;
  const request = { pspReference, amount: AMOUNT, idempotencyKey: `${pspReference}:capture` };
  for (const taken of [
    await world.psp.capturePayment(request),
    await world.psp.capturePayment(request),
    await world.psp.findPayment({ pspReference }),
  ]) {
    assert.equal(taken?.state, 'succeeded');
    assert.ok(taken.amount.equals(AMOUNT));
  }
}

async function takesPart(world: PayInWorld): Promise<void> {
  const payment = await setAside(world);
  if (payment === undefined) return;
  const { pspReference } = payment;
  const idempotencyKey = `${pspReference}:capture`;
  const taken = await world.psp.capturePayment({ pspReference, amount: PART, idempotencyKey });
  assert.equal(taken.state, 'succeeded');
  assert.ok(taken.amount.equals(PART), 'what was taken is what counts');
  const refundId = `rfd_${randomUUID()}`;
  const tooMuch = world.psp.refund({
    ...{ refundId, pspReference, amount: AMOUNT, idempotencyKey: refundId },
    ...{ reverseTransfer: false, returnFee: false },
  });
  await assert.rejects(tooMuch, Refusal);
}

async function takesNoMore(world: PayInWorld): Promise<void> {
  const payment = await setAside(world);
  if (payment === undefined) return;
  const { pspReference } = payment;
  const capture = (amount: Money, no: number): Promise<PspPayment> =>
    world.psp.capturePayment({
      ...{ pspReference, amount, idempotencyKey: `${pspReference}:capture:${String(no)}` },
    });
  await assert.rejects(capture(AMOUNT.plus(PART), 1), Refusal);
  await capture(PART, 2);
  await assert.rejects(capture(PART, 3), Refusal);
}

async function letsGo(world: PayInWorld): Promise<void> {
  const payment = await setAside(world);
  if (payment === undefined) return;
  const { pspReference } = payment;
  const idempotencyKey = `${pspReference}:cancel`;
  const ended = await world.psp.cancelPayment({ pspReference, idempotencyKey });
  assert.equal(ended.state, 'cancelled');
  const late = `${pspReference}:capture`;
  await assert.rejects(
    world.psp.capturePayment({ pspReference, amount: AMOUNT, idempotencyKey: late }),
    Refusal,
  );
}

async function losesAnswer(world: PayInWorld): Promise<void> {
  const payment = await setAside(world);
  if (payment === undefined) return;
  const { pspReference } = payment;
  const request = { pspReference, amount: AMOUNT, idempotencyKey: `${pspReference}:capture` };
  await world.loseNextAnswer();
  await assert.rejects(world.psp.capturePayment(request), PspUnknownOutcome);
  assert.equal((await world.psp.capturePayment(request)).state, 'succeeded');
}
