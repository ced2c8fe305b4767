import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Refusal } from '@stuiver/errors';
import { Money } from '@stuiver/money';
import type { PayInFact, PayInWorld } from './conformance-world.js';
import type { PspDispute } from './dispute.js';

/** What every adapter must say of payments that a payer's bank takes back. */
export const DISPUTE_FACTS: readonly PayInFact[] = [
  { name: 'tells of a dispute what it took, why, and until when it can be answered', prove: tells },
  { name: 'tells of a dispute that is won what came back', prove: isWon },
  { name: 'tells of a dispute that is lost that nothing came back', prove: isLost },
  { name: 'tells of an inquiry, which takes no money until it is a dispute', prove: isAskedAbout },
  { name: 'lists disputes by when they were opened, and knows no other', prove: lists },
  { name: 'refuses to give back what a dispute took', prove: refusesRefund },
  { name: 'reads the PSP’s message about a dispute', prove: readsMessage },
];

const AMOUNT = Money.ofMinor(1250n, 'EUR');
const LONG_AGO = new Date(0);

async function find({ psp }: PayInWorld, pspReference: string): Promise<PspDispute> {
  const found = await psp.findDispute(pspReference);
  assert.ok(found, 'a dispute that was opened is found');
  return found;
}

async function takenBack(world: PayInWorld, what: 'inquiry' | 'chargeback' = 'chargeback') {
  const reference = `att_${randomUUID()}`;
  const { payment, dispute } = await world.disputed(
    {
      ...{ reference, idempotencyKey: reference, amount: AMOUNT, method: 'card' },
      ...{ description: 'Café De Stuiver', destination: null },
      returnUrl: 'https://shop.test/back',
    },
    what,
  );
  return { payment, dispute: await find(world, dispute) };
}

async function disputed(
  world: PayInWorld,
  what: 'inquiry' | 'chargeback' = 'chargeback',
): Promise<PspDispute> {
  return (await takenBack(world, what)).dispute;
}

async function tells(world: PayInWorld): Promise<void> {
  const { payment, dispute } = await takenBack(world);
  assert.equal(dispute.payment, payment.pspReference);
  assert.equal(dispute.state, 'open');
  assert.notEqual(dispute.reason, '');
  assert.ok(dispute.amount.equals(AMOUNT));
  assert.ok(dispute.withdrawn?.amount.equals(AMOUNT), 'the fee is no part of what it took');
  assert.equal(dispute.returned, null);
  assert.ok((dispute.evidenceDueAt ?? LONG_AGO) > dispute.openedAt, 'there is time to answer');
}

async function isWon(world: PayInWorld): Promise<void> {
  const { pspReference } = await disputed(world);
  await world.decideDispute(pspReference, 'won');
  const won = await find(world, pspReference);
  assert.equal(won.state, 'won');
  assert.ok(won.withdrawn?.amount.equals(AMOUNT));
  assert.ok(won.returned?.amount.equals(AMOUNT));
}

async function isLost(world: PayInWorld): Promise<void> {
  const { pspReference } = await disputed(world);
  await world.decideDispute(pspReference, 'lost');
  const lost = await find(world, pspReference);
  assert.equal(lost.state, 'lost');
  assert.ok(lost.withdrawn?.amount.equals(AMOUNT));
  assert.equal(lost.returned, null);
}

async function isAskedAbout(world: PayInWorld): Promise<void> {
  const [kept, taken] = [await disputed(world, 'inquiry'), await disputed(world, 'inquiry')];
  assert.equal(kept.state, 'inquiry');
  assert.equal(kept.withdrawn, null);
  await world.decideDispute(kept.pspReference, 'won');
  assert.equal((await find(world, kept.pspReference)).state, 'closed');
  await world.decideDispute(taken.pspReference, 'lost');
  const open = await find(world, taken.pspReference);
  assert.equal(open.state, 'open');
  assert.ok(open.withdrawn?.amount.equals(AMOUNT));
}

async function lists(world: PayInWorld): Promise<void> {
  const one = await disputed(world);
  const other = await disputed(world, 'inquiry');
  const found = await world.psp.disputesSince(one.openedAt);
  for (const { pspReference } of [one, other]) {
    assert.equal(found.filter((reference) => reference === pspReference).length, 1);
  }
  const later = new Date(other.openedAt.getTime() + 1_000);
  assert.ok(!(await world.psp.disputesSince(later)).includes(one.pspReference));
  assert.equal(await world.psp.findDispute('dp_nobody'), undefined);
}

async function refusesRefund(world: PayInWorld): Promise<void> {
  const { payment } = await takenBack(world);
  const refundId = `rfd_${randomUUID()}`;
  const refund = world.psp.refund({
    ...{ refundId, pspReference: payment.pspReference, idempotencyKey: refundId, amount: AMOUNT },
    ...{ reverseTransfer: false, returnFee: false },
  });
  await assert.rejects(refund, (error) => error instanceof Refusal && error.code === 'PSP_REFUSED');
}

async function readsMessage(world: PayInWorld): Promise<void> {
  const dispute = await disputed(world);
  const event = world.psp.readWebhook(await world.messageAbout(dispute));
  assert.equal(event.type, 'dispute');
  assert.equal(event.pspReference, dispute.pspReference);
}
