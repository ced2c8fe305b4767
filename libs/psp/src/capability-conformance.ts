import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Money } from '@stuiver/money';
import type { PayInFact, PayInWorld } from './conformance-world.js';
import { disputableUntil } from './finality.js';
import type { PspPayment } from './pay-in.js';

/** That an adapter can do what it says it can. */
export const CAPABILITY_FACTS: readonly PayInFact[] = [
  { name: 'opens a payment by every method that it says it has', prove: opensEach },
  {
    name: 'says that what is final cannot be disputed, and what is not can be',
    prove: saysFinality,
  },
  { name: 'gives back in parts if it says so', prove: givesPartsBack },
];

const AMOUNT = Money.ofMinor(1250n, 'EUR');
const PAID_AT = new Date(0);
const PART = Money.ofMinor(250n, 'EUR');

function opened({ psp }: PayInWorld, method: 'ideal' | 'card'): Promise<PspPayment> {
  const reference = `att_${randomUUID()}`;
  return psp.openPayment({
    ...{ reference, idempotencyKey: reference, amount: AMOUNT, method, destination: null },
    ...{ description: 'Café De Stuiver', returnUrl: 'https://shop.test/back' },
    ...(method === 'card' ? { cardToken: 'pm_card_visa' } : {}),
  });
}

async function opensEach(world: PayInWorld): Promise<void> {
  const { methods } = world.psp.capabilities;
  assert.ok(methods.length > 0, 'a PSP takes payments by some method');
  for (const method of methods) assert.equal((await opened(world, method)).method, method);
}

function saysFinality({ psp }: PayInWorld): Promise<void> {
  for (const method of psp.capabilities.methods) {
    const isFinal = disputableUntil(method, PAID_AT) === null;
    assert.equal(psp.capabilities.disputes.includes(method), !isFinal, method);
  }
  return Promise.resolve();
}

async function givesPartsBack(world: PayInWorld): Promise<void> {
  const { pspReference } = await opened(world, 'card');
  const refundId = `rfd_${randomUUID()}`;
  const refund = world.psp.refund({
    ...{ refundId, pspReference, idempotencyKey: refundId, amount: PART },
    ...{ reverseTransfer: false, returnFee: false },
  });
  if (!world.psp.capabilities.partialRefunds) return assert.rejects(refund);
  assert.ok((await refund).amount.equals(PART));
}
