import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { Refusal } from '@stuiver/errors';
import type { PspEvent } from '@stuiver/psp';
import { REFERENCE_KEY, REFUND_KEY } from './translate.js';

/** Stripe's own library accepts any timestamp in the future; a replay window needs both ends. */
const AGE_SECONDS_MAX = 300;
const AHEAD_SECONDS_MAX = 60;

const Event = z.object({
  id: z.string().min(1),
  type: z.string().min(1),
  created: z.number().int(),
  data: z.object({
    object: z.looseObject({
      id: z.string().optional(),
      metadata: z.record(z.string(), z.string()).nullish(),
    }),
  }),
});

type StripeEvent = z.infer<typeof Event>;

/**
 * Verifies `Stripe-Signature` over the raw bytes and reads what the event is about.
 *
 * @throws Refusal PSP_SIGNATURE_WRONG; PARAM_ERROR when it is signed and yet no event.
 */
export function readStripeWebhook(message: {
  readonly rawBody: Uint8Array;
  readonly signature: string;
  readonly secret: string;
  readonly now: Date;
}): PspEvent {
  return describe(verifiedEvent(message));
}

/** As `readStripeWebhook`, in the PSP's own words. */
export function verifiedEvent(message: {
  readonly rawBody: Uint8Array;
  readonly signature: string;
  readonly secret: string;
  readonly now: Date;
}): StripeEvent {
  const { rawBody, signature, secret, now } = message;
  const parts = signature.split(',').map((part) => part.split('=', 2));
  const timestamp = parts.find(([name]) => name === 't')?.[1] ?? '';
  if (!/^\d{1,12}$/.test(timestamp)) throw wrong('must carry t=<unix seconds>');
  const age = Math.floor(now.getTime() / 1_000) - Number(timestamp);
  if (age > AGE_SECONDS_MAX || age < -AHEAD_SECONDS_MAX) throw wrong('must be signed just now');
  // While an endpoint's secret is changed there are two, and either may have signed.
  const expected = secretsIn(secret).map((each) =>
    createHmac('sha256', each).update(`${timestamp}.`).update(rawBody).digest(),
  );
  const fits = parts.some(
    ([name, value = '']) => name === 'v1' && expected.some((one) => isSame(value, one)),
  );
  if (!fits) throw wrong('must be signed with the endpoint’s secret');
  return parsed(rawBody);
}

/** A comma too many is no secret: what is signed with nothing, anybody can sign. */
function secretsIn(text: string): readonly string[] {
  return text.split(',').flatMap((each) => (each.trim() === '' ? [] : [each.trim()]));
}

function isSame(hex: string, expected: Buffer): boolean {
  const given = Buffer.from(hex, 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function wrong(rule: string): Refusal {
  return new Refusal('PSP_SIGNATURE_WRONG', { field: 'Stripe-Signature', rule });
}

function describe(event: StripeEvent): PspEvent {
  const { id = '', metadata } = event.data.object;
  const type = typeOf(event.type);
  return {
    pspEventId: event.id,
    type: id === '' ? 'other' : type,
    occurredAt: new Date(event.created * 1_000),
    pspReference: id,
    reference: metadata?.[type === 'refund' ? REFUND_KEY : REFERENCE_KEY] ?? null,
  };
}

function parsed(rawBody: Uint8Array): StripeEvent {
  try {
    return Event.parse(JSON.parse(Buffer.from(rawBody).toString('utf8')));
  } catch (error) {
    throw new Refusal(
      'PARAM_ERROR',
      { field: 'body', rule: 'must be an event of the PSP' },
      { cause: error },
    );
  }
}

/** Only the payment's, the refund's and the dispute's own events count; other `charge.*` say the same again and race with them. */
function typeOf(type: string): PspEvent['type'] {
  if (type.startsWith('payment_intent.')) return 'payment';
  if (type.startsWith('charge.dispute.')) return 'dispute';
  return type.startsWith('refund.') ? 'refund' : 'other';
}
