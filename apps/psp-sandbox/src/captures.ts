import { z } from 'zod';
import { authoriseCharge, collectCharge } from './charges.js';
import { disputeByCard } from './disputes.js';
import { Amount, check, Expand, Flag, mergeMetadata, Metadata, orUnset } from './parameters.js';
import { type Answer, invalid } from './problem.js';
import type { Doc, Objects } from './store.js';
import { wrongState } from './wrong-state.js';

const CaptureParameters = z.strictObject({
  amount_to_capture: Amount.optional(),
  application_fee_amount: Amount.optional(),
  final_capture: Flag.optional(),
  metadata: orUnset(Metadata),
  statement_descriptor_suffix: orUnset(z.string().max(22)),
  expand: Expand,
});

/** What a card's bank sets aside for us lapses by itself. Source: Stripe's documentation of holds, online card payments. */
const AUTHORISED_SECONDS = 7 * 86_400;

/** The card's bank said yes and set the amount aside; nothing has moved. */
export async function authorise(objects: Objects, intent: Doc, method: Doc): Promise<Doc> {
  const charge = await authoriseCharge(objects, intent, method);
  const waiting = {
    ...intent,
    status: 'requires_capture',
    amount_capturable: intent['amount'],
    latest_charge: charge.id,
    next_action: null,
  };
  await objects.save(waiting);
  await objects.tell('charge.succeeded', charge);
  await objects.tell('payment_intent.amount_capturable_updated', waiting);
  return waiting;
}

/** Takes what was set aside, or less; the rest is let go. */
export async function captureIntent(objects: Objects, id: string, given: unknown): Promise<Answer> {
  const asked = check(CaptureParameters, given);
  const { doc: intent } = await objects.lock('payment_intent', id);
  if (intent['status'] !== 'requires_capture') return wrongState(intent, 'capture');
  const most = Number(intent['amount_capturable']);
  const amount = asked.amount_to_capture ?? most;
  if (amount > most) {
    throw invalid(`The amount to capture (${amount}) is more than may be captured (${most}).`, {
      code: 'amount_too_large',
      param: 'amount_to_capture',
    });
  }
  const { doc: charge } = await objects.lock('charge', String(intent['latest_charge']));
  const { doc: method } = await objects.lock('payment_method', String(intent['payment_method']));
  const fee = asked.application_fee_amount ?? intent['application_fee_amount'];
  const paid = {
    ...{ ...intent, application_fee_amount: fee, status: 'succeeded' },
    ...{ amount_received: amount, amount_capturable: 0 },
    metadata: mergeMetadata(intent['metadata'] as Record<string, string>, asked.metadata),
  };
  const captured = await collectCharge(objects, charge, { intent: paid, method, amount });
  await objects.save(paid);
  await objects.tell('charge.captured', captured);
  await objects.tell('payment_intent.succeeded', paid);
  await disputeByCard(objects, captured, method);
  return { status: 200, body: paid };
}

/** Nobody takes it any more: the card's bank gives it free. */
export async function letGo(objects: Objects, intent: Doc): Promise<void> {
  if (intent['status'] !== 'requires_capture') return;
  const { doc: charge } = await objects.lock('charge', String(intent['latest_charge']));
  const free = { ...charge, amount_refunded: charge['amount'], refunded: true };
  await objects.save(free);
  await objects.tell('charge.refunded', free);
}

/** At the end of a day: what nobody took within a week is cancelled. */
export async function lapse(objects: Objects): Promise<void> {
  const old = await objects.select(
    `object = 'payment_intent' and doc->>'status' = 'requires_capture'
       and (doc->>'created')::bigint <= $1 order by seq for update`,
    [objects.created - AUTHORISED_SECONDS],
  );
  for (const intent of old) {
    const owned = await objects.asOwnerOf(intent.id);
    await letGo(owned, intent);
    const canceled = {
      ...{ ...intent, status: 'canceled', amount_capturable: 0, next_action: null },
      ...{ canceled_at: objects.created, cancellation_reason: 'automatic' },
    };
    await owned.save(canceled);
    await owned.tell('payment_intent.canceled', canceled);
  }
}
