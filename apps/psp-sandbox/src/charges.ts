import { z } from 'zod';
import { listOf } from './lists.js';
import { check, Page } from './parameters.js';
import type { Doc, Objects } from './store.js';

const DAY_SECONDS = 86_400;
/** What the sandbox takes: 29 cents for iDEAL, 1.5 % + 25 cents for a card, rounded half-up. */
function feeOf(amount: number, type: unknown): number {
  return type === 'ideal' ? 29 : Math.floor((amount * 15 + 500) / 1_000) + 25;
}
/** Bank redirects are ours the next day, cards after two. */
function availableAfterDays(type: unknown): number {
  return type === 'ideal' ? 1 : 2;
}

/** The money of a paid intent: a charge and its balance transaction. */
export async function payCharge(objects: Objects, intent: Doc, method: Doc): Promise<Doc> {
  const type = method['type'];
  const amount = Number(intent['amount']);
  const id = objects.newId(type === 'ideal' ? 'py' : 'ch');
  const transaction = await bookBalance(objects, {
    amount,
    fee: feeOf(amount, type),
    source: id,
    type: type === 'ideal' ? 'payment' : 'charge',
    availableOn: objects.created + availableAfterDays(type) * DAY_SECONDS,
  });
  const charge: Doc = {
    id,
    object: 'charge',
    amount,
    amount_captured: amount,
    amount_refunded: 0,
    balance_transaction: transaction.id,
    captured: true,
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
    payment_method_details: detailsOf(method, objects),
    refunded: false,
    status: 'succeeded',
  };
  await objects.save(charge);
  return charge;
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

/** One row of the PSP's own books: net = amount − fee, and Σ net is the balance. */
export async function bookBalance(
  objects: Objects,
  row: { amount: number; fee: number; source: string; type: string; availableOn: number },
): Promise<Doc> {
  const transaction: Doc = {
    id: objects.newId('txn'),
    object: 'balance_transaction',
    amount: row.amount,
    available_on: row.availableOn,
    created: objects.created,
    currency: 'eur',
    description: null,
    exchange_rate: null,
    fee: row.fee,
    fee_details:
      row.fee === 0
        ? []
        : [
            {
              amount: row.fee,
              currency: 'eur',
              type: 'stripe_fee',
              description: 'Processing fees',
              application: null,
            },
          ],
    net: row.amount - row.fee,
    reporting_category: row.type.endsWith('refund') ? 'refund' : 'charge',
    source: row.source,
    status: 'pending', // What is shown follows from available_on.
    type: row.type,
  };
  await objects.save(transaction);
  return transaction;
}

export async function readBalance(objects: Objects): Promise<unknown> {
  const { rows } = await objects.client.query<{ available: string; pending: string }>(
    `select coalesce(sum((doc->>'net')::bigint) filter (where (doc->>'available_on')::bigint <= $1), 0) as available,
            coalesce(sum((doc->>'net')::bigint) filter (where (doc->>'available_on')::bigint > $1), 0) as pending
     from object where object = 'balance_transaction'`,
    [objects.created],
  );
  const line = (amount: string | undefined): object[] => [
    { amount: Number(amount ?? 0), currency: 'eur', source_types: {} },
  ];
  return {
    object: 'balance',
    available: line(rows[0]?.available),
    pending: line(rows[0]?.pending),
    livemode: false,
  };
}

const TransactionList = z.strictObject({
  ...Page,
  source: z.string().optional(),
  type: z.string().optional(),
});

export async function listBalanceTransactions(objects: Objects, given: unknown): Promise<unknown> {
  const page = check(TransactionList, given);
  const equal = { source: page.source, type: page.type };
  const url = '/v1/balance_transactions';
  return listOf(objects, { object: 'balance_transaction', url, page, equal });
}

const ChargeList = z.strictObject({ ...Page, payment_intent: z.string().optional() });

export async function listCharges(objects: Objects, given: unknown): Promise<unknown> {
  const page = check(ChargeList, given);
  const equal = { payment_intent: page.payment_intent };
  return listOf(objects, { object: 'charge', url: '/v1/charges', page, equal });
}
