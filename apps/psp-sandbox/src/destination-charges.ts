import type { z } from 'zod';
import { bookBalance } from './balance.js';
import type { CreateParameters } from './intent-parameters.js';
import { invalid } from './problem.js';
import type { Doc, Objects } from './store.js';
import { moveTo, needAccount, takeBackFrom } from './transfers.js';

/** What of an intent says that its money is a merchant's: where it goes, and what the platform keeps. */
export async function connectFields(
  objects: Objects,
  asked: z.infer<typeof CreateParameters>,
): Promise<Readonly<Record<string, unknown>>> {
  const { transfer_data: data, application_fee_amount: fee, on_behalf_of: behalf } = asked;
  if (data !== undefined) {
    await needAccount(objects, data.destination, 'transfer_data[destination]');
  }
  if (behalf !== undefined) await needAccount(objects, behalf, 'on_behalf_of');
  const objection = objectionTo(asked);
  if (objection !== undefined) throw invalid(objection, { param: 'application_fee_amount' });
  return {
    application_fee_amount: fee ?? null,
    on_behalf_of: behalf ?? null,
    transfer_data: data ?? null,
  };
}

function objectionTo(asked: z.infer<typeof CreateParameters>): string | undefined {
  const { amount, transfer_data: data, application_fee_amount: fee } = asked;
  if (data?.amount !== undefined && data.amount > amount) {
    return 'The transfer cannot be greater than the amount.';
  }
  if (fee === undefined) return undefined;
  if (data === undefined) return 'Can only apply an application_fee when there is a destination.';
  if (data.amount !== undefined) return 'Give an application_fee or a transfer amount, not both.';
  return fee > amount ? 'The fee cannot be greater than the amount.' : undefined;
}

/** A destination charge: the whole amount goes on to the merchant's account, and the fee comes back from it. */
export async function sendOn(
  objects: Objects,
  charge: Doc,
  from: { readonly intent: Doc; readonly availableOn: number },
): Promise<Doc> {
  const { intent, availableOn } = from;
  const data = (intent['transfer_data'] ?? null) as TransferData | null;
  if (data === null) return charge;
  const fee = Number(intent['application_fee_amount'] ?? 0);
  const transfer = await moveTo(objects, {
    ...{ amount: data.amount ?? Number(charge['amount_captured']), destination: data.destination },
    ...{ availableOn, fee },
    fields: {
      ...{ description: null, metadata: {}, source_transaction: charge.id },
      transfer_group: intent['transfer_group'] ?? `group_${intent.id}`,
    },
  });
  const earned =
    fee === 0
      ? null
      : await earnFee(objects, { charge, fee, availableOn, account: data.destination });
  return {
    ...charge,
    application_fee: earned === null ? null : earned.id,
    application_fee_amount: intent['application_fee_amount'],
    on_behalf_of: intent['on_behalf_of'],
    transfer: transfer.id,
    transfer_data: data,
    transfer_group: transfer['transfer_group'],
  };
}

interface TransferData {
  readonly destination: string;
  readonly amount?: number;
}

async function earnFee(
  objects: Objects,
  what: { charge: Doc; fee: number; availableOn: number; account: string },
): Promise<Doc> {
  const id = objects.newId('fee');
  const { fee: amount, availableOn, charge } = what;
  const booked = await bookBalance(objects, {
    ...{ amount, fee: 0, source: id, type: 'application_fee', availableOn },
  });
  const fee: Doc = {
    ...{ id, object: 'application_fee', amount, amount_refunded: 0, charge: charge.id },
    ...{ balance_transaction: booked.id, created: objects.created, currency: 'eur' },
    ...{ livemode: false, originating_transaction: charge.id, refunded: false },
    ...{ account: what.account, application: 'ca_stuiver' },
    refunds: {
      object: 'list',
      data: [],
      has_more: false,
      url: `/v1/application_fees/${id}/refunds`,
    },
  };
  await objects.save(fee);
  await objects.tell('application_fee.created', fee);
  return fee;
}

/** After a refund: the merchant's share of what was refunded so far, less what was taken back before. */
export async function takeShareBack(
  objects: Objects,
  charge: Doc,
  share: { readonly refunded: number; readonly withFee: boolean },
): Promise<string | null> {
  if (typeof charge['transfer'] !== 'string') {
    throw invalid('This charge has no transfer to reverse.', { param: 'reverse_transfer' });
  }
  const { doc: transfer } = await objects.lock('transfer', charge['transfer']);
  const part = (whole: number): number =>
    Math.floor((whole * share.refunded) / Number(charge['amount_captured']));
  const amount = part(Number(transfer['amount'])) - Number(transfer['amount_reversed']);
  const fee = share.withFee ? await giveFeeBack(objects, charge, part) : 0;
  if (amount <= 0) return null;
  return (await takeBackFrom(objects, transfer, { amount, fee })).id;
}

async function giveFeeBack(
  objects: Objects,
  charge: Doc,
  part: (whole: number) => number,
): Promise<number> {
  if (typeof charge['application_fee'] !== 'string') return 0;
  const { doc: fee } = await objects.lock('application_fee', charge['application_fee']);
  const refunded = part(Number(fee['amount']));
  const amount = refunded - Number(fee['amount_refunded']);
  if (amount <= 0) return 0;
  const id = objects.newId('fr');
  const booked = await bookBalance(objects, {
    ...{ amount: -amount, fee: 0, source: id, type: 'application_fee_refund' },
    availableOn: objects.created,
  });
  const refund = {
    ...{ id, object: 'fee_refund', amount, balance_transaction: booked.id, fee: fee.id },
    ...{ created: objects.created, currency: 'eur', metadata: {} },
  };
  await objects.save(refund);
  const refunds = fee['refunds'] as { readonly data: readonly unknown[] };
  const after = {
    ...{ ...fee, amount_refunded: refunded, refunded: refunded === fee['amount'] },
    refunds: { ...refunds, data: [refund, ...refunds.data] },
  };
  await objects.save(after);
  await objects.tell('application_fee.refunded', after);
  return amount;
}
