import { z } from 'zod';
import { type Destination, destinationOf } from './accounts.js';
import { balanceOf, bookBalance } from './balance.js';
import { businessDaysAfter, type Day, dayOf } from './calendar.js';
import { listOf } from './lists.js';
import { Amount, check, Expand, mergeMetadata, Metadata, orUnset, Page } from './parameters.js';
import { type Answer, invalid, refused } from './problem.js';
import type { Doc, Objects } from './store.js';

const CreateParameters = z.strictObject({
  amount: Amount,
  currency: z.literal('eur'),
  description: orUnset(z.string().max(1_000)),
  destination: z.string().optional(),
  metadata: orUnset(Metadata),
  method: z.enum(['standard', 'instant']).default('standard'),
  source_type: z.enum(['card', 'bank_account']).optional(),
  statement_descriptor: orUnset(z.string().max(22)),
  expand: Expand,
});

const BALANCE_LOCK = 8_091;

/** Sends balance to our bank account. Two at a time do not send the same euro. */
export async function createPayout(objects: Objects, given: unknown): Promise<Answer> {
  const asked = check(CreateParameters, given);
  const destination = await destinationOf(objects);
  if (asked.destination !== undefined && asked.destination !== destination?.id) {
    throw invalid(`No such external account: '${asked.destination}'`, {
      code: 'resource_missing',
      param: 'destination',
    });
  }
  if (destination === undefined) {
    throw invalid("Sorry, you don't have any external accounts in that currency (eur).");
  }
  await lockBalance(objects);
  const { available } = await balanceOf(objects);
  if (asked.amount > available) return refused(insufficient());
  const payout = await openPayout(objects, {
    amount: asked.amount,
    automatic: false,
    destination,
    fields: {
      description: asked.description ?? null,
      metadata: mergeMetadata({}, asked.metadata),
      method: asked.method,
      source_type: asked.source_type ?? 'card',
      statement_descriptor: asked.statement_descriptor ?? null,
    },
  });
  return { status: 200, body: payout };
}

export async function lockBalance(objects: Objects): Promise<void> {
  await objects.client.query('select pg_advisory_xact_lock($1)', [BALANCE_LOCK]);
}

/** A considered no: less is available than was asked for. */
export function insufficient(): ReturnType<typeof invalid> {
  return invalid(
    'You have insufficient funds in your Stripe account for this transfer. Your card balance is too low.',
    { code: 'balance_insufficient' },
  );
}

/** The balance is locked, and holds the amount. */
export async function openPayout(
  objects: Objects,
  what: {
    readonly amount: number;
    readonly automatic: boolean;
    readonly destination: Destination;
    readonly fields: Readonly<Record<string, unknown>>;
  },
): Promise<Doc> {
  const { amount, automatic, destination, fields } = what;
  const id = objects.newId('po');
  const transaction = await bookBalance(objects, {
    ...{ amount: -amount, fee: 0, source: id, type: 'payout' },
    availableOn: objects.created,
  });
  const days = daysOf(objects);
  const payout: Doc = {
    id,
    object: 'payout',
    amount,
    application_fee: null,
    application_fee_amount: null,
    // The day's first second in UTC, as Stripe writes a day.
    arrival_date: Date.parse(`${days.arrivesOn}T00:00:00Z`) / 1_000,
    automatic,
    balance_transaction: transaction.id,
    created: objects.created,
    currency: 'eur',
    destination: destination.id,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    livemode: false,
    original_payout: null,
    reconciliation_status: automatic ? 'in_progress' : 'not_applicable',
    reversed_by: null,
    status: 'pending',
    trace_id: { status: 'pending', value: null },
    type: 'bank_account',
    ...fields,
  };
  await objects.save(payout, { ...days, iban: destination.iban });
  await objects.tell('payout.created', payout);
  return payout;
}

/** It leaves at the end of a business day and is at the bank on the next. */
function daysOf(objects: Objects): { readonly sentOn: Day; readonly arrivesOn: Day } {
  const sentOn = businessDaysAfter(dayOf(objects.clock.now()), 0);
  return { sentOn, arrivesOn: businessDaysAfter(sentOn, 1) };
}

export async function cancelPayout(objects: Objects, id: string, given: unknown): Promise<Answer> {
  check(z.strictObject({ expand: Expand }), given);
  const { doc } = await objects.lock('payout', id);
  if (doc['status'] !== 'pending') {
    return refused(
      invalid(
        `Payouts can only be canceled when they are pending; this is ${String(doc['status'])}.`,
      ),
    );
  }
  const back = await giveBack(objects, doc, 'payout_cancel');
  const canceled = { ...doc, status: 'canceled', failure_balance_transaction: back.id };
  await objects.save(canceled);
  await objects.tell('payout.canceled', canceled);
  return { status: 200, body: canceled };
}

/** It did not arrive, or did not stay: the amount is on the balance again. Also after it was paid. */
export async function failPayout(
  objects: Objects,
  payout: Doc,
  why: { readonly code: string; readonly message: string },
): Promise<Doc> {
  const back = await giveBack(objects, payout, 'payout_failure');
  const failed = {
    ...payout,
    status: 'failed',
    failure_balance_transaction: back.id,
    failure_code: why.code,
    failure_message: why.message,
  };
  await objects.save(failed);
  await objects.tell('payout.failed', failed);
  return failed;
}

function giveBack(objects: Objects, payout: Doc, type: string): Promise<Doc> {
  return bookBalance(objects, {
    ...{ amount: Number(payout['amount']), fee: 0, source: payout.id, type },
    availableOn: objects.created,
  });
}

const ListParameters = z.strictObject({
  ...Page,
  status: z.enum(['pending', 'in_transit', 'paid', 'failed', 'canceled']).optional(),
  destination: z.string().optional(),
});

export async function listPayouts(objects: Objects, given: unknown): Promise<unknown> {
  const page = check(ListParameters, given);
  const equal = { status: page.status, destination: page.destination };
  return listOf(objects, { object: 'payout', url: '/v1/payouts', page, equal });
}
