import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { authorise, letGo } from './captures.js';
import { payCharge } from './charges.js';
import {
  CancelParameters,
  ConfirmParameters,
  CreateParameters,
  OlderCreateParameters,
  UpdateParameters,
} from './intent-parameters.js';
import { connectFields } from './destination-charges.js';
import { disputeByCard } from './disputes.js';
import { listOf } from './lists.js';
import { check, mergeMetadata, Page } from './parameters.js';
import { findPaymentMethod, type CardOutcome } from './payment-methods.js';
import { type Answer, invalid, refused, StripeProblem } from './problem.js';
import type { Doc, Objects } from './store.js';
import { takesMethodTypes } from './versions.js';
import { wrongState } from './wrong-state.js';

export type Method = 'ideal' | 'card';
const METHODS: readonly Method[] = ['ideal', 'card'];
/** Stripe's least amount in euros. */
const EURO_CENTS_MIN = 50;
export async function createIntent(objects: Objects, given: unknown, pages: URL): Promise<Answer> {
  const asked = checkCreate(objects, given);
  if (asked.currency !== 'eur') {
    throw invalid(`The sandbox speaks euros, not ${asked.currency}`, { param: 'currency' });
  }
  if (asked.amount < EURO_CENTS_MIN) {
    throw invalid('Amount must be at least €0.50 eur', {
      code: 'amount_too_small',
      param: 'amount',
    });
  }
  const id = objects.newId('pi');
  const intent: Doc = {
    id,
    object: 'payment_intent',
    amount: asked.amount,
    amount_capturable: 0,
    amount_received: 0,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: asked.capture_method ?? 'automatic_async',
    client_secret: `${id}_secret_${randomBytes(12).toString('hex')}`,
    confirmation_method: 'automatic',
    created: objects.created,
    currency: asked.currency,
    customer: null,
    description: asked.description ?? null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    metadata: mergeMetadata({}, asked.metadata),
    next_action: null,
    payment_method: null,
    payment_method_types: offeredTypes(asked),
    receipt_email: null,
    status: 'requires_payment_method',
    transfer_group: asked.transfer_group ?? null,
    ...(await connectFields(objects, asked)),
  };
  await objects.save(intent);
  await objects.tell('payment_intent.created', intent);
  if (asked.confirm !== true) return { status: 200, body: intent };
  return confirm(objects, { intent, asked, pages });
}

type CreateAsked = z.infer<typeof CreateParameters>;

function checkCreate(objects: Objects, given: unknown): CreateAsked {
  if (!takesMethodTypes(objects.caller.version)) return check(CreateParameters, given);
  const { payment_method_types: older, ...asked } = check(OlderCreateParameters, given);
  const allowed = asked.allowed_payment_method_types ?? older;
  return { ...asked, allowed_payment_method_types: allowed };
}

function offeredTypes(asked: CreateAsked): Method[] {
  const allowed = asked.allowed_payment_method_types ?? METHODS;
  const excluded = asked.excluded_payment_method_types ?? [];
  // Money from a bank cannot be set aside: it comes or it does not.
  const possible = asked.capture_method === 'manual' ? (['card'] as const) : METHODS;
  const offered = possible.filter((type) => allowed.includes(type) && !excluded.includes(type));
  if (offered.length === 0) {
    throw invalid('No payment method type is left to pay with', {
      param: 'allowed_payment_method_types',
    });
  }
  return offered;
}

export async function confirmIntent(
  objects: Objects,
  request: { id: string; given: unknown; pages: URL },
): Promise<Answer> {
  const asked = check(ConfirmParameters, request.given);
  const { doc } = await objects.lock('payment_intent', request.id);
  checkSecret(objects, doc, asked.client_secret);
  const status = String(doc['status']);
  if (!['requires_payment_method', 'requires_confirmation'].includes(status)) {
    return wrongState(doc, 'confirm');
  }
  return confirm(objects, { intent: doc, asked, pages: request.pages });
}

function checkSecret(objects: Objects, intent: Doc, secret: string | undefined): void {
  if (secret === intent['client_secret']) return;
  if (secret === undefined && !objects.caller.isPublic) return;
  throw invalid('The client_secret provided does not match the PaymentIntent.', {
    code: 'payment_intent_invalid_parameter',
    param: 'client_secret',
  });
}

interface Confirmation {
  readonly intent: Doc;
  readonly asked: z.infer<typeof ConfirmParameters>;
  readonly pages: URL;
}

async function confirm(objects: Objects, confirmation_: Confirmation): Promise<Answer> {
  const { intent, asked, pages } = confirmation_;
  const method = chosenMethod(objects, asked);
  const types = intent['payment_method_types'] as string[];
  if (!types.includes(method.doc['type'] as string)) {
    throw invalid('The payment method type is not allowed for this PaymentIntent', {
      param: 'payment_method',
    });
  }
  await objects.save(method.doc);
  const chosen = { ...intent, payment_method: method.doc.id, last_payment_error: null };
  if (method.outcome === 'redirect') {
    if (asked.return_url === undefined) {
      throw invalid('You must provide a return_url', {
        code: 'parameter_missing',
        param: 'return_url',
      });
    }
    return redirect(objects, { intent: chosen, returnUrl: asked.return_url, pages });
  }
  if (method.outcome === 'succeeds') {
    return { status: 200, body: await succeed(objects, chosen, method.doc) };
  }
  const failed = await fail(objects, chosen, { method: method.doc, declineCode: method.outcome });
  const problem = new StripeProblem(402, {
    type: 'card_error',
    code: 'card_declined',
    decline_code: method.outcome,
    message: 'Your card was declined.',
    payment_intent: failed,
  });
  return refused(problem);
}

function chosenMethod(
  objects: Objects,
  asked: z.infer<typeof ConfirmParameters>,
): { doc: Doc; outcome: CardOutcome } {
  if (asked.payment_method !== undefined) return findPaymentMethod(objects, asked.payment_method);
  if (asked.payment_method_data?.type === 'ideal') {
    const ideal = { bank: asked.payment_method_data.ideal?.bank ?? null, bic: null };
    const doc = {
      id: objects.newId('pm'),
      object: 'payment_method',
      type: 'ideal',
      ideal,
      created: objects.created,
      livemode: false,
    };
    return { doc, outcome: 'redirect' };
  }
  throw invalid('A payment method is needed to confirm', {
    code: 'parameter_missing',
    param: 'payment_method',
  });
}

async function redirect(
  objects: Objects,
  to: { intent: Doc; returnUrl: string; pages: URL },
): Promise<Answer> {
  const secret = randomBytes(16).toString('base64url');
  const url = new URL(`/bank/${to.intent.id}/${secret}`, to.pages).href;
  const intent = {
    ...to.intent,
    status: 'requires_action',
    next_action: { type: 'redirect_to_url', redirect_to_url: { url, return_url: to.returnUrl } },
  };
  await objects.save(intent, { secret, returnUrl: to.returnUrl });
  await objects.tell('payment_intent.requires_action', intent);
  return { status: 200, body: intent };
}

/** The bank or the card said yes. */
export async function succeed(objects: Objects, intent: Doc, method: Doc): Promise<Doc> {
  if (intent['capture_method'] === 'manual') return authorise(objects, intent, method);
  const charge = await payCharge(objects, intent, method);
  const paid = {
    ...intent,
    status: 'succeeded',
    amount_received: intent['amount'],
    latest_charge: charge.id,
    next_action: null,
  };
  await objects.save(paid);
  await objects.tell('charge.succeeded', charge);
  await objects.tell('payment_intent.succeeded', paid);
  await disputeByCard(objects, charge, method);
  return paid;
}

/** The bank or the card said no: the intent waits for another payment method. */
export async function fail(
  objects: Objects,
  intent: Doc,
  why: { method: Doc; declineCode: string },
): Promise<Doc> {
  const ideal = why.method['type'] === 'ideal';
  const failed = {
    ...intent,
    status: 'requires_payment_method',
    payment_method: null,
    next_action: null,
    last_payment_error: {
      type: ideal ? 'invalid_request_error' : 'card_error',
      code: ideal ? 'payment_intent_payment_attempt_failed' : 'card_declined',
      ...(ideal ? {} : { decline_code: why.declineCode }),
      message: ideal ? 'The payment failed.' : 'Your card was declined.',
      payment_method: why.method,
    },
  };
  await objects.save(failed);
  await objects.tell('payment_intent.payment_failed', failed);
  return failed;
}

export async function cancelIntent(objects: Objects, id: string, given: unknown): Promise<Answer> {
  const asked = check(CancelParameters, given);
  const { doc } = await objects.lock('payment_intent', id);
  if (['succeeded', 'canceled', 'processing'].includes(String(doc['status']))) {
    return wrongState(doc, 'cancel');
  }
  await letGo(objects, doc);
  const canceled = {
    ...doc,
    status: 'canceled',
    amount_capturable: 0,
    canceled_at: objects.created,
    cancellation_reason: asked.cancellation_reason ?? null,
    next_action: null,
  };
  await objects.save(canceled);
  await objects.tell('payment_intent.canceled', canceled);
  return { status: 200, body: canceled };
}

export async function updateIntent(objects: Objects, id: string, given: unknown): Promise<Answer> {
  const asked = check(UpdateParameters, given);
  const { doc } = await objects.lock('payment_intent', id);
  const updated = {
    ...doc,
    description: asked.description === undefined ? doc['description'] : asked.description || null,
    metadata: mergeMetadata(doc['metadata'] as Record<string, string>, asked.metadata),
  };
  await objects.save(updated);
  return { status: 200, body: updated };
}

export async function listIntents(objects: Objects, given: unknown): Promise<unknown> {
  const page = check(z.strictObject(Page), given);
  return listOf(objects, { object: 'payment_intent', url: '/v1/payment_intents', page });
}
