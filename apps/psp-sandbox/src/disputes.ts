import { z } from 'zod';
import { bookBalance } from './balance.js';
import { listOf } from './lists.js';
import { check, Expand, Flag, mergeMetadata, Metadata, Page } from './parameters.js';
import { type Answer, invalid, refused } from './problem.js';
import type { Doc, Objects } from './store.js';

/** Why a payer says that it was not right, as far as the sandbox knows. */
const REASONS = ['fraudulent', 'product_not_received', 'duplicate', 'general'] as const;
const OPEN = ['needs_response', 'under_review'];
const OPEN_INQUIRY = ['warning_needs_response', 'warning_under_review'];
const EVIDENCE_SECONDS = 20 * 86_400;

export const NewDispute = z.strictObject({
  reason: z.enum(REASONS).default('fraudulent'),
  /** Cents; all that was not given back, unless told. */
  amount: z.number().int().min(1).optional(),
  /** The payer's bank only asks: no money moves. */
  inquiry: z.boolean().default(false),
});
type Asked = z.infer<typeof NewDispute>;

/** What becomes of a payment by Stripe's own test cards, by their last four digits. */
const DISPUTED_CARDS: Readonly<Record<string, Asked>> = {
  '0259': { reason: 'fraudulent', inquiry: false },
  '2685': { reason: 'product_not_received', inquiry: false },
  '1976': { reason: 'fraudulent', inquiry: true },
};

export async function disputeByCard(objects: Objects, charge: Doc, method: Doc): Promise<void> {
  const card = method['card'] as { readonly last4: string } | undefined;
  const asked = DISPUTED_CARDS[card?.last4 ?? ''];
  if (asked !== undefined) await openDispute(objects, charge.id, asked);
}

/** The payer's bank takes the payment back, or asks about it. @throws StripeProblem when it cannot be disputed. */
export async function openDispute(objects: Objects, chargeId: string, asked: Asked): Promise<Doc> {
  const { doc: charge } = await objects.lock('charge', chargeId);
  const left = Number(charge['amount_captured']) - Number(charge['amount_refunded']);
  const amount = asked.amount ?? left;
  if (charge['disputed'] === true) throw invalid('The charge has been disputed already.');
  if (amount > left || left === 0) throw invalid('No more can be disputed than was paid.');
  const dispute: Doc = {
    ...{ id: objects.newId('du'), object: 'dispute', amount, balance_transactions: [] },
    ...{ charge: charge.id, created: objects.created, currency: charge['currency'] },
    ...{ enhanced_eligibility_types: [], evidence: { ...NO_EVIDENCE, enhanced_evidence: {} } },
    evidence_details: {
      ...{ due_by: objects.created + EVIDENCE_SECONDS, enhanced_eligibility: {} },
      ...{ has_evidence: false, past_due: false, submission_count: 0 },
    },
    ...{ is_charge_refundable: asked.inquiry, livemode: false, metadata: {} },
    ...{ payment_intent: charge['payment_intent'], reason: asked.reason },
    ...detailsOf(charge, asked),
    status: asked.inquiry ? 'warning_needs_response' : 'needs_response',
  };
  await objects.save({ ...charge, disputed: true });
  await objects.save(dispute);
  await objects.tell('charge.dispute.created', dispute);
  return asked.inquiry ? dispute : withdraw(objects, dispute);
}

/** Only a card's network has such details; a bank's payment has none. */
function detailsOf(charge: Doc, { inquiry }: Asked): Readonly<Record<string, unknown>> {
  const details = charge['payment_method_details'] as {
    readonly card?: { readonly brand: string };
  };
  if (details.card === undefined) return {};
  const { brand } = details.card;
  const card = { brand, network: brand, case_type: inquiry ? 'inquiry' : 'chargeback' };
  return { payment_method_details: { type: 'card', card: { ...card, network_reason_code: '10' } } };
}

async function withdraw(objects: Objects, dispute: Doc): Promise<Doc> {
  const taken = await book(objects, dispute, {
    ...{ amount: -Number(dispute['amount']), fee: objects.terms.dispute_fee },
    category: 'dispute',
  });
  await objects.tell('charge.dispute.funds_withdrawn', taken);
  return taken;
}

async function book(
  objects: Objects,
  dispute: Doc,
  row: { readonly amount: number; readonly fee: number; readonly category: string },
): Promise<Doc> {
  const booked = await bookBalance(objects, {
    ...{ amount: row.amount, fee: row.fee, source: dispute.id, type: 'adjustment' },
    ...{ reportedAs: row.category, availableOn: objects.created },
  });
  const before = dispute['balance_transactions'] as readonly Doc[];
  const after = {
    ...dispute,
    balance_transactions: [...before, { ...booked, status: 'available' }],
  };
  await objects.save(after);
  return after;
}

/**
 * Ends a dispute as the payer's bank decides. An inquiry that is won is closed without money; one that is lost becomes a
 * chargeback, which can still be won. A second time changes nothing.
 */
export async function settleDispute(
  objects: Objects,
  id: string,
  outcome: 'won' | 'lost',
): Promise<Doc> {
  const { doc: dispute } = await objects.lock('dispute', id);
  const status = String(dispute['status']);
  if (OPEN_INQUIRY.includes(status)) {
    return outcome === 'won' ? end(objects, dispute, 'warning_closed') : escalate(objects, dispute);
  }
  if (!OPEN.includes(status)) return dispute;
  const ended = await end(objects, dispute, outcome);
  if (outcome === 'lost') return ended;
  const returned = await book(objects, ended, {
    ...{ amount: Number(dispute['amount']), fee: 0, category: 'dispute_reversal' },
  });
  await objects.tell('charge.dispute.funds_reinstated', returned);
  return returned;
}

async function end(objects: Objects, dispute: Doc, status: string): Promise<Doc> {
  const ended = { ...dispute, status, is_charge_refundable: false };
  await objects.save(ended);
  await objects.tell('charge.dispute.closed', ended);
  return ended;
}

async function escalate(objects: Objects, dispute: Doc): Promise<Doc> {
  const open = { ...dispute, status: 'needs_response', is_charge_refundable: false };
  await objects.save(open);
  await objects.tell('charge.dispute.updated', open);
  return withdraw(objects, open);
}

const TEXTS = [
  ...['access_activity_log', 'billing_address', 'cancellation_policy', 'cancellation_rebuttal'],
  ...['cancellation_policy_disclosure', 'customer_communication', 'customer_email_address'],
  ...['customer_name', 'customer_purchase_ip', 'customer_signature', 'duplicate_charge_id'],
  ...['duplicate_charge_documentation', 'duplicate_charge_explanation', 'product_description'],
  ...['receipt', 'refund_policy', 'refund_policy_disclosure', 'refund_refusal_explanation'],
  ...['service_date', 'service_documentation', 'shipping_address', 'shipping_carrier'],
  ...['shipping_date', 'shipping_documentation', 'shipping_tracking_number', 'uncategorized_file'],
  'uncategorized_text',
];
const NO_EVIDENCE = Object.fromEntries(TEXTS.map((name) => [name, null]));
const Evidence = z.strictObject(
  Object.fromEntries(TEXTS.map((name) => [name, z.string().max(20_000).optional()])),
);
const UpdateParameters = z.strictObject({
  evidence: Evidence.optional(),
  metadata: z.union([Metadata, z.literal('')]).optional(),
  submit: Flag.default(true),
  expand: Expand,
});

/** Stripe's own words with which a test decides what the evidence is worth; whatever else is under review. */
const WORTH: Readonly<Record<string, 'won' | 'lost'>> = {
  winning_evidence: 'won',
  losing_evidence: 'lost',
};

/** Keeps evidence, and gives it to the payer's bank unless it is told to wait. */
export async function updateDispute(objects: Objects, id: string, given: unknown): Promise<Answer> {
  const asked = check(UpdateParameters, given);
  const { doc: dispute } = await objects.lock('dispute', id);
  const isOpen = [...OPEN, ...OPEN_INQUIRY].includes(String(dispute['status']));
  if (asked.evidence !== undefined && !isOpen) return refused(closedAlready());
  const noted = {
    ...withEvidence(dispute, asked.evidence),
    ...metadataOf(dispute, asked.metadata),
  };
  const isSubmitted = asked.submit && asked.evidence !== undefined;
  const updated = isSubmitted ? submitted(noted) : noted;
  await objects.save(updated);
  await objects.tell('charge.dispute.updated', updated);
  const worth = WORTH[asked.evidence?.['uncategorized_text'] ?? ''];
  if (!isSubmitted || worth === undefined) return { status: 200, body: updated };
  return { status: 200, body: await settleDispute(objects, id, worth) };
}

function withEvidence(dispute: Doc, given: z.infer<typeof Evidence> | undefined): Doc {
  if (given === undefined) return dispute;
  const evidence = { ...(dispute['evidence'] as object), ...given };
  const details = { ...(dispute['evidence_details'] as object), has_evidence: true };
  return { ...dispute, evidence, evidence_details: details };
}

function metadataOf(
  dispute: Doc,
  asked: Readonly<Record<string, string>> | '' | undefined,
): Readonly<Record<string, unknown>> {
  return { metadata: mergeMetadata(dispute['metadata'] as Record<string, string>, asked) };
}

function submitted(dispute: Doc): Doc {
  const details = dispute['evidence_details'] as { readonly submission_count: number };
  const isInquiry = OPEN_INQUIRY.includes(String(dispute['status']));
  return {
    ...dispute,
    evidence_details: { ...details, submission_count: details.submission_count + 1 },
    status: isInquiry ? 'warning_under_review' : 'under_review',
  };
}

const CloseParameters = z.strictObject({ expand: Expand });

/** We do not fight it: it is lost, for ever. */
export async function closeDispute(objects: Objects, id: string, given: unknown): Promise<Answer> {
  check(CloseParameters, given);
  const { doc: dispute } = await objects.lock('dispute', id);
  const status = String(dispute['status']);
  if (OPEN_INQUIRY.includes(status)) {
    return { status: 200, body: await end(objects, dispute, 'warning_closed') };
  }
  if (!OPEN.includes(status)) return refused(closedAlready());
  return { status: 200, body: await settleDispute(objects, id, 'lost') };
}

function closedAlready(): ReturnType<typeof invalid> {
  return invalid('This dispute is already closed.');
}

const ListParameters = z.strictObject({
  ...Page,
  charge: z.string().optional(),
  payment_intent: z.string().optional(),
});

export async function listDisputes(objects: Objects, given: unknown): Promise<unknown> {
  const page = check(ListParameters, given);
  const equal = { charge: page.charge, payment_intent: page.payment_intent };
  return listOf(objects, { object: 'dispute', url: '/v1/disputes', page, equal });
}

/** While money may still be, or was, taken back by the payer's bank, we do not send it a second time. */
export async function isChargedBack(objects: Objects, charge: Doc): Promise<boolean> {
  if (charge['disputed'] !== true) return false;
  const found = await objects.select(
    `object = 'dispute' and doc->>'charge' = $1 and doc->>'status' = any($2)`,
    [charge.id, [...OPEN, 'lost']],
  );
  return found.length > 0;
}
