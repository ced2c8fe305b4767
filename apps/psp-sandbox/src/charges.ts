import { z } from 'zod';
import { bookBalance } from './balance.js';
import { businessDaysAfter, dayOf, startOf } from './calendar.js';
import { sendOn } from './destination-charges.js';
import { listOf } from './lists.js';
import { check, Page } from './parameters.js';
import type { Doc, Objects } from './store.js';

/** The end of Stripe's own test card for it, `pm_card_bypassPending`. */
const STRAIGHT_TO_AVAILABLE = '0077';
const BASIS_POINTS = 10_000;

/** What the PSP takes for a payment, rounded half-up. */
function feeOf(objects: Objects, amount: number, type: 'ideal' | 'card'): number {
  const { fixed, basis_points: points } = objects.terms.fees[type];
  return fixed + Math.floor((amount * points + BASIS_POINTS / 2) / BASIS_POINTS);
}

/** From when it may be paid out, in unix seconds: the start of a business day, or at once for one test card. */
function availableOn(objects: Objects, method: Doc): number {
  const card = method['card'] as { readonly last4: string } | undefined;
  if (card?.last4 === STRAIGHT_TO_AVAILABLE) return objects.created;
  const days = objects.terms.available_after_days;
  const day = businessDaysAfter(dayOf(objects.clock.now()), days);
  return Math.max(objects.created, startOf(day).getTime() / 1_000);
}

/** The money of a paid intent: a charge and its balance transaction. */
export function payCharge(objects: Objects, intent: Doc, method: Doc): Promise<Doc> {
  const amount = Number(intent['amount']);
  return collectCharge(objects, newCharge(objects, intent, method), { intent, method, amount });
}

/** A charge that is set aside and not taken. */
export async function authoriseCharge(objects: Objects, intent: Doc, method: Doc): Promise<Doc> {
  const charge = newCharge(objects, intent, method);
  await objects.save(charge);
  return charge;
}

/** Takes this much of it: it is on the balance, and goes on to whose it is. */
export async function collectCharge(
  objects: Objects,
  charge: Doc,
  from: { readonly intent: Doc; readonly method: Doc; readonly amount: number },
): Promise<Doc> {
  const { intent, method, amount } = from;
  const type = method['type'] === 'ideal' ? 'ideal' : 'card';
  const availableAt = availableOn(objects, method);
  const transaction = await bookBalance(objects, {
    amount,
    fee: feeOf(objects, amount, type),
    source: charge.id,
    type: type === 'ideal' ? 'payment' : 'charge',
    availableOn: availableAt,
  });
  const taken = {
    ...{ ...charge, amount_captured: amount, captured: true },
    balance_transaction: transaction.id,
  };
  await objects.save(taken);
  const sent = await sendOn(objects, taken, { intent, availableOn: availableAt });
  if (sent !== taken) await objects.save(sent);
  return sent;
}

function newCharge(objects: Objects, intent: Doc, method: Doc): Doc {
  return {
    id: objects.newId(method['type'] === 'ideal' ? 'py' : 'ch'),
    object: 'charge',
    amount: intent['amount'],
    amount_captured: 0,
    amount_refunded: 0,
    balance_transaction: null,
    captured: false,
    created: objects.created,
    currency: intent['currency'],
    description: intent['description'],
    disputed: false,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata: intent['metadata'],
    paid: true,
    payment_intent: intent.id,
    payment_method: method.id,
    billing_details: NOBODY,
    payment_method_details: detailsOf(method, objects),
    refunded: false,
    status: 'succeeded',
  };
}

function detailsOf(method: Doc, objects: Objects): Record<string, unknown> {
  if (method['type'] === 'card') return { type: 'card', card: method['card'] };
  const ideal = {
    bank: 'ing',
    bic: 'INGBNL2A',
    iban_last4: '5264',
    transaction_id: objects.newId('wero'),
    verified_name: 'J. Jansen',
  };
  return { type: 'ideal', ideal };
}

const ChargeList = z.strictObject({ ...Page, payment_intent: z.string().optional() });

export async function listCharges(objects: Objects, given: unknown): Promise<unknown> {
  const page = check(ChargeList, given);
  const equal = { payment_intent: page.payment_intent };
  return listOf(objects, { object: 'charge', url: '/v1/charges', page, equal });
}

/** No shop of ours tells the PSP who pays. */
const NOBODY = {
  address: {
    ...{ city: null, country: null, line1: null, line2: null, postal_code: null, state: null },
  },
  ...{ email: null, name: null, phone: null, tax_id: null },
};
