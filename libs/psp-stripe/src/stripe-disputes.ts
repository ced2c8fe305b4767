import type Stripe from 'stripe';
import type { DisputedMoney, PspDispute } from '@stuiver/psp';
import { inOurWords, undefinedWhenAbsent } from './outcomes.js';
import { moneyOf } from './translate.js';

const PAGE = 100;
/** More than this in a few days is beyond what anybody would look through one by one. */
const LISTED_MAX = 1_000;

export async function findDispute(stripe: Stripe, id: string): Promise<PspDispute | undefined> {
  const found = await inOurWords(() => stripe.disputes.retrieve(id)).catch(undefinedWhenAbsent);
  return found === undefined ? undefined : toDispute(found);
}

/** Their ids, oldest last. */
export async function disputesSince(stripe: Stripe, since: Date): Promise<readonly string[]> {
  const created = { gte: Math.ceil(since.getTime() / 1_000) };
  const found = await inOurWords(() =>
    stripe.disputes.list({ created, limit: PAGE }).autoPagingToArray({ limit: LISTED_MAX }),
  );
  return found.map(({ id }) => id);
}

function toDispute(dispute: Stripe.Dispute): PspDispute {
  const { amount, currency, evidence_details: evidence } = dispute;
  return {
    pspReference: dispute.id,
    payment: idOf(dispute.payment_intent) ?? idOf(dispute.charge) ?? '',
    state: stateOf(dispute.status),
    amount: moneyOf(amount, currency),
    reason: dispute.reason,
    openedAt: new Date(dispute.created * 1_000),
    // Stripe says 0 where the bank takes no answer.
    evidenceDueAt: (evidence.due_by ?? 0) === 0 ? null : new Date((evidence.due_by ?? 0) * 1_000),
    withdrawn: movedBy(dispute, -1),
    returned: movedBy(dispute, 1),
  };
}

/** What its balance transactions of this sign moved, without their fees. */
function movedBy(dispute: Stripe.Dispute, sign: 1 | -1): DisputedMoney | null {
  const moved = dispute.balance_transactions.filter(({ amount }) => amount * sign > 0);
  const [first] = moved;
  if (first === undefined) return null;
  const sum = moved.reduce((total, { amount }) => total + amount * sign, 0);
  return { amount: moneyOf(sum, first.currency), at: new Date(first.created * 1_000) };
}

function stateOf(status: string): PspDispute['state'] {
  switch (status) {
    case 'won':
    case 'lost':
      return status;
    case 'warning_needs_response':
    case 'warning_under_review':
      return 'inquiry';
    case 'warning_closed':
    case 'prevented':
      return 'closed';
    default:
      // Under review, appealed, or a status that a newer API knows: not ended, as far as we can tell.
      return 'open';
  }
}

function idOf(thing: string | { readonly id: string } | null): string | null {
  return typeof thing === 'object' ? (thing?.id ?? null) : thing;
}
