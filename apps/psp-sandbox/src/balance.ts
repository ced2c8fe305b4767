import { z } from 'zod';
import { listOf } from './lists.js';
import { check, Page } from './parameters.js';
import { invalid, noSuch } from './problem.js';
import type { Doc, Objects } from './store.js';

const REPORTED_AS: Readonly<Record<string, string>> = {
  charge: 'charge',
  payment: 'charge',
  refund: 'refund',
  payment_refund: 'refund',
  refund_failure: 'refund_failure',
  payout: 'payout',
  payout_cancel: 'payout_reversal',
  payout_failure: 'payout_reversal',
  transfer: 'transfer',
  transfer_refund: 'transfer_reversal',
  application_fee: 'platform_earning',
  application_fee_refund: 'platform_earning_refund',
};

/** One row of the PSP's own books: net = amount − fee, and Σ net is the balance. Never changed (the table refuses). */
export async function bookBalance(
  objects: Objects,
  row: {
    readonly amount: number;
    readonly fee: number;
    /** Who takes the fee: the PSP unless told. */
    readonly feeType?: 'stripe_fee' | 'application_fee';
    readonly source: string;
    readonly type: string;
    /** Where its type alone does not say. */
    readonly reportedAs?: string;
    readonly availableOn: number;
  },
): Promise<Doc> {
  const transaction: Doc = {
    id: objects.newId('txn'),
    object: 'balance_transaction',
    amount: row.amount,
    available_on: row.availableOn,
    balance_type: 'payments',
    created: objects.created,
    currency: 'eur',
    description: null,
    exchange_rate: null,
    fee: row.fee,
    fee_details: row.fee === 0 ? [] : [feeDetail(row.fee, row.feeType)],
    net: row.amount - row.fee,
    reporting_category: row.reportedAs ?? REPORTED_AS[row.type] ?? 'other_adjustment',
    source: row.source,
    status: 'pending', // What is shown follows from available_on.
    type: row.type,
  };
  await objects.save(transaction);
  return transaction;
}

function feeDetail(amount: number, type = 'stripe_fee'): Record<string, unknown> {
  const description = type === 'stripe_fee' ? 'Processing fees' : 'Application fee';
  return { amount, currency: 'eur', type, description, application: null };
}

interface Sides {
  readonly available: number;
  readonly pending: number;
}

/** Time alone moves money from pending to available. */
export async function balanceOf(objects: Objects): Promise<Sides> {
  const { rows } = await objects.client.query<{ available: string; pending: string }>(
    `select coalesce(sum((doc->>'net')::bigint) filter (where (doc->>'available_on')::bigint <= $1), 0) as available,
            coalesce(sum((doc->>'net')::bigint) filter (where (doc->>'available_on')::bigint > $1), 0) as pending
     from object where object = 'balance_transaction' and account is not distinct from $2`,
    [objects.created, objects.account],
  );
  const [row] = rows;
  return { available: Number(row?.available ?? 0), pending: Number(row?.pending ?? 0) };
}

export async function readBalance(objects: Objects): Promise<Record<string, unknown>> {
  const { available, pending } = await balanceOf(objects);
  const line = (amount: number): object[] => [{ amount, currency: 'eur', source_types: {} }];
  return {
    object: 'balance',
    available: line(available),
    connect_reserved: line(0),
    pending: line(pending),
    livemode: false,
  };
}

const TransactionList = z.strictObject({
  ...Page,
  currency: z.string().optional(),
  payout: z.string().optional(),
  source: z.string().optional(),
  type: z.string().optional(),
});

/** Newest first. By payout: what an automatic payout paid out, itself included; the PSP does not know it of a manual one. */
export async function listBalanceTransactions(objects: Objects, given: unknown): Promise<unknown> {
  const { payout, ...page } = check(TransactionList, given);
  if (payout !== undefined) await checkAutomatic(objects, payout);
  return listOf(objects, {
    object: 'balance_transaction',
    url: '/v1/balance_transactions',
    page,
    equal: { source: page.source, type: page.type, currency: page.currency },
    ...(payout === undefined
      ? {}
      : {
          within: {
            sql: 'id in (select transaction from paid_out where payout = ?)',
            value: payout,
          },
        }),
  });
}

async function checkAutomatic(objects: Objects, payout: string): Promise<void> {
  const found = await objects.find(payout);
  if (found?.object !== 'payout') throw noSuch('payout', payout);
  if (found['automatic'] === true) return;
  throw invalid(
    'Balance transaction history can only be filtered on automatic payouts, not manual.',
    { param: 'payout' },
  );
}
