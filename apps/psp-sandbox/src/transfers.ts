import { z } from 'zod';
import { balanceOf, bookBalance } from './balance.js';
import { listOf } from './lists.js';
import { Amount, check, Expand, mergeMetadata, Metadata, orUnset, Page } from './parameters.js';
import { insufficient, lockBalance } from './payouts.js';
import { type Answer, invalid, refused } from './problem.js';
import type { Doc, Objects } from './store.js';

const CreateParameters = z.strictObject({
  amount: Amount,
  currency: z.literal('eur'),
  destination: z.string(),
  description: orUnset(z.string().max(1_000)),
  metadata: orUnset(Metadata),
  source_transaction: z.string().optional(),
  transfer_group: orUnset(z.string()),
  expand: Expand,
});

/** Moves balance to a connected account: what is available, or what a charge of ours will make available. */
export async function createTransfer(objects: Objects, given: unknown): Promise<Answer> {
  const asked = check(CreateParameters, given);
  await needAccount(objects, asked.destination, 'destination');
  let availableOn = objects.created;
  if (asked.source_transaction === undefined) {
    await lockBalance(objects);
    const { available } = await balanceOf(objects);
    if (asked.amount > available) return refused(insufficient());
  } else {
    const { doc: charge } = await objects.lock('charge', asked.source_transaction);
    const source = await objects.find(String(charge['balance_transaction']));
    availableOn = Number(source?.['available_on']);
  }
  const transfer = await moveTo(objects, {
    ...{ amount: asked.amount, destination: asked.destination, availableOn, fee: 0 },
    fields: {
      description: asked.description ?? null,
      metadata: mergeMetadata({}, asked.metadata),
      source_transaction: asked.source_transaction ?? null,
      transfer_group: asked.transfer_group ?? null,
    },
  });
  return { status: 200, body: transfer };
}

/** @throws StripeProblem naming the parameter that named it. */
export async function needAccount(objects: Objects, id: string, param: string): Promise<void> {
  if ((await objects.find(id))?.object === 'account') return;
  throw invalid(`No such destination: '${id}'`, { code: 'resource_missing', param });
}

/** Books it on both sides: from us a transfer, to the account a payment, less the fee that the application keeps. */
export async function moveTo(
  objects: Objects,
  move: {
    readonly amount: number;
    readonly destination: string;
    readonly availableOn: number;
    readonly fee: number;
    readonly fields: Readonly<Record<string, unknown>>;
  },
): Promise<Doc> {
  const { amount, destination, availableOn, fee, fields } = move;
  const [id, paymentId] = [objects.newId('tr'), objects.newId('py')];
  const theirs = objects.as(destination);
  const [sent, received] = [
    await bookBalance(objects, {
      ...{ amount: -amount, fee: 0, source: id, type: 'transfer', availableOn },
    }),
    await bookBalance(theirs, {
      ...{ amount, fee, feeType: 'application_fee', source: paymentId, type: 'payment' },
      availableOn,
    }),
  ];
  const transfer: Doc = {
    ...{ id, object: 'transfer', amount, amount_reversed: 0, balance_transaction: sent.id },
    ...{ created: objects.created, currency: 'eur', destination, destination_payment: paymentId },
    ...{ livemode: false, reversed: false, source_type: 'card' },
    reversals: { object: 'list', data: [], has_more: false, url: `/v1/transfers/${id}/reversals` },
    ...fields,
  };
  const payment: Doc = {
    ...{ id: paymentId, object: 'charge', amount, amount_captured: amount, amount_refunded: 0 },
    ...{ application_fee_amount: fee === 0 ? null : fee, balance_transaction: received.id },
    ...{ captured: true, created: objects.created, currency: 'eur', livemode: false, metadata: {} },
    ...{ paid: true, payment_intent: null, refunded: false, status: 'succeeded' },
    source_transfer: id,
  };
  await objects.save(transfer);
  await theirs.save(payment);
  await objects.tell('transfer.created', transfer);
  return transfer;
}

const ReversalParameters = z.strictObject({
  amount: Amount.optional(),
  metadata: orUnset(Metadata),
  expand: Expand,
});

export async function reverseTransfer(
  objects: Objects,
  id: string,
  given: unknown,
): Promise<Answer> {
  const asked = check(ReversalParameters, given);
  const { doc: transfer } = await objects.lock('transfer', id);
  const left = Number(transfer['amount']) - Number(transfer['amount_reversed']);
  const amount = asked.amount ?? left;
  if (amount > left || left === 0) {
    const message = `Reversal amount (${amount}) is greater than unreversed amount (${left})`;
    return refused(invalid(message, { param: 'amount' }));
  }
  return { status: 200, body: await takeBackFrom(objects, transfer, { amount, fee: 0 }) };
}

/**
 * Takes so much of a transfer back, and gives so much of the application's fee with it; the transfer is locked.
 *
 * @returns the reversal.
 */
export async function takeBackFrom(
  objects: Objects,
  transfer: Doc,
  back: { readonly amount: number; readonly fee: number },
): Promise<Doc> {
  const theirs = objects.as(String(transfer['destination']));
  const availableOn = objects.created;
  const [id, refundId] = [objects.newId('trr'), objects.newId('pyr')];
  const booked = await bookBalance(objects, {
    ...{ amount: back.amount, fee: 0, source: id, type: 'transfer_refund', availableOn },
  });
  await bookBalance(theirs, {
    ...{
      amount: -back.amount,
      fee: -back.fee,
      feeType: 'application_fee',
      source: refundId,
      type: 'payment_refund',
    },
    availableOn,
  });
  const reversal: Doc = {
    ...{ id, object: 'transfer_reversal', amount: back.amount, balance_transaction: booked.id },
    ...{ created: objects.created, currency: 'eur', destination_payment_refund: refundId },
    ...{ metadata: {}, source_refund: null, transfer: transfer.id },
  };
  const reversed = Number(transfer['amount_reversed']) + back.amount;
  const after = {
    ...transfer,
    amount_reversed: reversed,
    reversed: reversed === transfer['amount'],
  };
  await objects.save(reversal);
  await theirs.save({
    ...{ id: refundId, object: 'refund', amount: back.amount, created: objects.created },
    ...{ charge: transfer['destination_payment'], currency: 'eur', metadata: {} },
    ...{ payment_intent: null, source_transfer_reversal: id, status: 'succeeded' },
  });
  await objects.save(after);
  await objects.tell('transfer.reversed', after);
  return reversal;
}

const ListParameters = z.strictObject({
  ...Page,
  destination: z.string().optional(),
  transfer_group: z.string().optional(),
});

export async function listTransfers(objects: Objects, given: unknown): Promise<unknown> {
  const page = check(ListParameters, given);
  const equal = { destination: page.destination, transfer_group: page.transfer_group };
  return listOf(objects, { object: 'transfer', url: '/v1/transfers', page, equal });
}
