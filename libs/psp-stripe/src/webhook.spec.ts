import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Refusal } from '@stuiver/errors';
import type { PspEvent } from '@stuiver/psp';
import Stripe from 'stripe';
import { readStripeWebhook } from './webhook.js';

const SECRET = 'whsec_test_secret';
const NOW = new Date('2026-11-23T10:00:00.000Z');
const NOW_SECONDS = NOW.getTime() / 1_000;

const EVENT = {
  ...{ id: 'evt_1', object: 'event', type: 'payment_intent.succeeded', created: 1_795_000_000 },
  data: { object: { id: 'pi_1', metadata: { stuiver_reference: 'att_1' } } },
};

function sign(body: string, at = NOW_SECONDS, secret = SECRET): string {
  const v1 = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
  return `t=${at},v1=${v1}`;
}

function read(body: string, signature: string): PspEvent {
  return readStripeWebhook({ rawBody: Buffer.from(body), signature, secret: SECRET, now: NOW });
}

function codeOf(call: () => unknown): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    return error instanceof Refusal ? error.code : 'not a refusal';
  }
}

const BODY = JSON.stringify(EVENT);

describe('a webhook', () => {
  it('is read in our words', () => {
    expect(read(BODY, sign(BODY))).toEqual({
      pspEventId: 'evt_1',
      type: 'payment',
      occurredAt: new Date(1_795_000_000_000),
      pspReference: 'pi_1',
      reference: 'att_1',
    });
  });

  it('may be signed with the old secret or the new while the endpoint’s is changed', () => {
    const secret = `${SECRET}, whsec_new,`;
    const readWith = (signature: string): unknown =>
      readStripeWebhook({ rawBody: Buffer.from(BODY), signature, secret, now: NOW });
    expect(readWith(sign(BODY))).toMatchObject({ pspEventId: 'evt_1' });
    expect(readWith(sign(BODY, NOW_SECONDS, 'whsec_new'))).toMatchObject({ pspEventId: 'evt_1' });
    for (const other of ['whsec_older', '']) {
      const signature = sign(BODY, NOW_SECONDS, other);
      expect(codeOf(() => readWith(signature))).toBe('PSP_SIGNATURE_WRONG');
    }
  });

  it('is taken as the official package signs it', () => {
    const signature = Stripe.webhooks.generateTestHeaderString({
      ...{ payload: BODY, secret: SECRET, timestamp: NOW_SECONDS },
    });
    expect(read(BODY, signature).pspEventId).toBe('evt_1');
  });

  it.each([
    ['payment_intent.payment_failed', 'payment'],
    ['refund.updated', 'refund'],
    ['charge.dispute.funds_withdrawn', 'dispute'],
    ['charge.succeeded', 'other'],
    ['charge.refunded', 'other'],
    ['payout.paid', 'other'],
  ])('about %s is of type %s', (type, expected) => {
    const body = JSON.stringify({ ...EVENT, type });
    expect(read(body, sign(body)).type).toBe(expected);
  });

  it('about a refund carries the refund’s own reference', () => {
    const object = { id: 're_1', metadata: { stuiver_refund: 'rfd_1' } };
    const body = JSON.stringify({ ...EVENT, type: 'refund.created', data: { object } });
    expect(read(body, sign(body))).toMatchObject({ pspReference: 're_1', reference: 'rfd_1' });
  });

  it('about nothing of ours has no reference', () => {
    const body = JSON.stringify({ ...EVENT, data: { object: { id: 'pi_2', metadata: {} } } });
    expect(read(body, sign(body)).reference).toBeNull();
  });

  it.each([
    [-300, undefined],
    [-301, 'PSP_SIGNATURE_WRONG'],
    [60, undefined],
    [61, 'PSP_SIGNATURE_WRONG'],
    [86_400, 'PSP_SIGNATURE_WRONG'],
  ])('signed %i seconds from now is answered %s', (seconds, code) => {
    const signature = sign(BODY, NOW_SECONDS + seconds);
    expect(codeOf(() => read(BODY, signature))).toBe(code);
  });

  it('is taken while two secrets sign it, and for neither when both are others', () => {
    const [, ours] = sign(BODY).split(',');
    const [t, other] = sign(BODY, NOW_SECONDS, 'whsec_other').split(',');
    expect(codeOf(() => read(BODY, [t, other, ours].join(',')))).toBeUndefined();
    expect(codeOf(() => read(BODY, [t, other, other].join(',')))).toBe('PSP_SIGNATURE_WRONG');
  });

  it('signed in an older scheme only is refused', () => {
    const signature = sign(BODY).replace('v1=', 'v0=');
    expect(codeOf(() => read(BODY, signature))).toBe('PSP_SIGNATURE_WRONG');
  });

  it.each(['', 't=,v1=', 'v1=abc', 't=1e9,v1=00', 't=-1', ',,,', 't=NaN', `t=${NOW_SECONDS}`])(
    'with the signature "%s" is refused',
    (signature) => {
      expect(codeOf(() => read(BODY, signature))).toBe('PSP_SIGNATURE_WRONG');
    },
  );

  it('is refused when one bit of it, or of its signature, is another', () => {
    const signature = sign(BODY);
    const digest = signature.indexOf('v1=') + 3;
    fc.assert(
      fc.property(fc.nat(Buffer.byteLength(BODY) * 8 - 1), (bit) => {
        const rawBody = Buffer.from(BODY);
        const at = Math.floor(bit / 8);
        rawBody.writeUInt8(rawBody.readUInt8(at) ^ (1 << (bit % 8)), at);
        const message = { rawBody, signature, secret: SECRET, now: NOW };
        expect(codeOf(() => readStripeWebhook(message))).toBe('PSP_SIGNATURE_WRONG');
      }),
    );
    for (let at = digest; at < signature.length; at += 1) {
      const digit = signature[at] === '0' ? '1' : '0';
      const forged = signature.slice(0, at) + digit + signature.slice(at + 1);
      expect(codeOf(() => read(BODY, forged))).toBe('PSP_SIGNATURE_WRONG');
    }
    expect(codeOf(() => read(BODY, signature.slice(0, -2)))).toBe('PSP_SIGNATURE_WRONG');
  });

  it.each(['', 'null', '[]', '{', '{"id":"evt_1"}', JSON.stringify({ ...EVENT, id: 7 })])(
    'that is signed and yet no event is refused as such: %s',
    (body) => {
      expect(codeOf(() => read(body, sign(body)))).toBe('PARAM_ERROR');
    },
  );
});
