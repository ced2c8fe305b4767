import type Stripe from 'stripe';
import type { PspPayoutState, PspTransaction } from '@stuiver/psp';
import { moneyOf, PAYOUT_KEY, REFERENCE_KEY, REFUND_KEY } from './translate.js';

/** What Stripe's types of balance transactions are to us; disputes have no type of their own there. */
const KINDS: Readonly<Record<string, PspTransaction['kind']>> = {
  charge: 'payment',
  payment: 'payment',
  refund: 'refund',
  payment_refund: 'refund',
  refund_failure: 'refund-failure',
  payout: 'payout',
  payout_failure: 'payout-failure',
  payout_cancel: 'payout-failure',
  stripe_fee: 'fee',
  stripe_fx_fee: 'fee',
  tax_fee: 'fee',
  transfer: 'transfer',
  transfer_cancel: 'transfer',
  transfer_failure: 'transfer',
  transfer_refund: 'transfer',
  application_fee: 'application-fee',
  application_fee_refund: 'application-fee',
};

/**
 * @param transaction  with its source in it.
 * @param paymentReference  see PspTransaction.
 */
export function toTransaction(
  transaction: Stripe.BalanceTransaction,
  paymentReference: string | null = null,
): PspTransaction {
  const { amount, fee, net, currency } = transaction;
  return {
    id: transaction.id,
    kind: kindOf(transaction),
    amount: moneyOf(amount, currency),
    fee: moneyOf(fee, currency),
    net: moneyOf(net, currency),
    ...behind(transaction.source),
    paymentReference,
    createdAt: new Date(transaction.created * 1_000),
    availableAt: new Date(transaction.available_on * 1_000),
  };
}

function kindOf({
  type,
  reporting_category: category,
}: Stripe.BalanceTransaction): PspTransaction['kind'] {
  if (category.startsWith('dispute')) return 'dispute';
  return KINDS[type] ?? 'other';
}

/** Under which key each of them keeps our id. */
const KEYS: Readonly<Record<string, string>> = {
  charge: REFERENCE_KEY,
  refund: REFUND_KEY,
  payout: PAYOUT_KEY,
};

/** The payment, refund or payout. A charge, or a dispute over one, is the money of a payment, whose id is the one we know. */
function behind(
  source: Stripe.BalanceTransaction['source'],
): Pick<PspTransaction, 'pspReference' | 'reference'> {
  if (source === null || typeof source === 'string') {
    return { pspReference: source, reference: null };
  }
  const isPayment = source.object === 'charge' || source.object === 'dispute';
  return {
    pspReference: (isPayment ? idOf(source.payment_intent) : null) ?? source.id,
    reference: nameOf(source),
  };
}

/** What we know it by. */
function nameOf(
  source: Exclude<Stripe.BalanceTransaction['source'], string | null>,
): string | null {
  if (source.object === 'dispute') return source.id;
  const metadata = 'metadata' in source ? source.metadata : null;
  return metadata?.[KEYS[source.object] ?? ''] ?? null;
}

function idOf(thing: string | { readonly id: string } | null): string | null {
  return typeof thing === 'object' ? (thing?.id ?? null) : thing;
}

export function toPayoutState(payout: Stripe.Payout): PspPayoutState {
  return {
    id: payout.id,
    state: stateOf(payout.status),
    amount: moneyOf(payout.amount, payout.currency),
    // Stripe means a day and writes its first second in UTC.
    arrivesOn: new Date(payout.arrival_date * 1_000).toISOString().slice(0, 10),
    failure: payout.failure_code,
  };
}

function stateOf(status: string): PspPayoutState['state'] {
  switch (status) {
    case 'paid':
    case 'failed':
    case 'in_transit':
      return status;
    case 'canceled':
      return 'cancelled';
    default:
      // A status that a newer API knows: not ended, as far as we can tell.
      return 'pending';
  }
}
