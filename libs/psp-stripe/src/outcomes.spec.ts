import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Refusal } from '@stuiver/errors';
import { Money } from '@stuiver/money';
import { SystemClock } from '@stuiver/ports';
import { type PspPayment, PspUnknownOutcome } from '@stuiver/psp';
import { StripePayIn } from './stripe-pay-in.js';

const TIMEOUT_MS = 300;

type Answer = (response: ServerResponse) => void;

interface Heard {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: URLSearchParams;
}

let server: Server;
let psp: StripePayIn;
let heard: Heard[];
/** What the PSP does with a write; reads find nothing unless said otherwise. */
let write: Answer;
let read: Answer;

beforeAll(async () => {
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      heard.push({
        method,
        path,
        headers,
        body: new URLSearchParams(String(Buffer.concat(parts))),
      });
      (method === 'POST' ? write : read)(response);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const apiBase = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const secrets = { secretKey: 'sk_test_x', webhookSecret: 'whsec_x' };
  psp = new StripePayIn({ ...secrets, apiBase, clock: new SystemClock(), timeoutMs: TIMEOUT_MS });
});
beforeEach(() => {
  heard = [];
  read = json(200, { object: 'list', data: [], has_more: false, url: '/' });
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const INTENT = {
  ...{ id: 'pi_1', object: 'payment_intent', amount: 1250, currency: 'eur', amount_received: 0 },
  ...{ metadata: { stuiver_reference: 'att_1' }, payment_method_types: ['ideal'] },
  ...{ status: 'requires_action', last_payment_error: null },
  next_action: { type: 'redirect_to_url', redirect_to_url: { url: 'https://bank.test/1' } },
};

function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
}

function problem(status: number, error: object, headers?: Record<string, string>): Answer {
  return json(status, { error: { message: 'no', ...error } }, headers);
}

const halfAnAnswer: Answer = (response) => {
  const body = JSON.stringify(INTENT);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.write(body.slice(0, 60));
  setImmediate(() => response.destroy());
};
const halfAnObject: Answer = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"pi_1",');
};
const cut: Answer = (response) => response.destroy();
const silence: Answer = () => undefined;

function open(over: { cardToken?: string } = {}): Promise<PspPayment> {
  return psp.openPayment({
    ...{ reference: 'att_1', idempotencyKey: 'att_1', method: 'ideal' as const, ...over },
    ...{ amount: Money.ofMinor(1250n, 'EUR'), description: 'Café', returnUrl: 'https://shop.test' },
    destination: null,
  });
}

async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => undefined,
    (error: unknown) => error,
  );
}

const isBusy = { code: 'idempotency_key_in_use', type: 'idempotency_error' };

describe('an answer of Stripe', () => {
  it.each<[string, Answer]>([
    ['a key that is in use (409)', problem(409, isBusy)],
    ['too many calls (429)', problem(429, { type: 'invalid_request_error', code: 'rate_limit' })],
    ['too many calls (400)', problem(400, { type: 'invalid_request_error', code: 'rate_limit' })],
    ['a server fault (500)', problem(500, { type: 'api_error' })],
    ['a gateway’s page (502)', (response) => response.writeHead(502).end('<html>Bad gateway')],
    ['unavailable (503)', problem(503, { type: 'api_error' })],
    ['a wrong key of ours (401)', problem(401, { type: 'invalid_request_error' })],
    ['a right we lack (403)', problem(403, { type: 'invalid_request_error' })],
    ['a key used for something else', problem(400, { type: 'idempotency_error' })],
    ['half an answer', halfAnAnswer],
    ['half an object', halfAnObject],
    ['a cut connection', cut],
    ['no answer in time', silence],
  ])('%s leaves the outcome unknown', async (_name, answer) => {
    write = answer;
    expect(await failureOf(open())).toBeInstanceOf(PspUnknownOutcome);
    const [first] = heard;
    for (const again of heard.filter(({ method }) => method === 'POST')) {
      expect(again.headers['idempotency-key']).toBe('att_1');
      expect(String(again.body)).toBe(String(first?.body));
    }
  });

  it('that nobody gives, because nobody listens, leaves it unknown too', async () => {
    const nowhere = new StripePayIn({
      ...{ secretKey: 'sk_test_x', webhookSecret: 'whsec_x', timeoutMs: TIMEOUT_MS },
      ...{ apiBase: new URL('http://127.0.0.1:1'), clock: new SystemClock() },
    });
    const asked = nowhere.findPayment({ pspReference: 'pi_1' });
    expect(await failureOf(asked)).toBeInstanceOf(PspUnknownOutcome);
  });

  it.each([
    [400, { type: 'invalid_request_error', code: 'amount_too_small' }, 'amount_too_small'],
    [402, { type: 'card_error', code: 'card_declined', decline_code: 'lost_card' }, 'lost_card'],
    [404, { type: 'invalid_request_error', code: 'resource_missing' }, 'resource_missing'],
  ])('with %i is a definite no, with its reason', async (status, error, reason) => {
    write = problem(status, error);
    const refusal = await failureOf(open());
    expect(refusal).toBeInstanceOf(Refusal);
    expect(refusal).toMatchObject({ code: 'PSP_REFUSED', facts: { reason } });
  });

  it('with a declined card is a failed payment: Stripe made one', async () => {
    const last_payment_error = { type: 'card_error', code: 'card_declined', decline_code: 'x9' };
    const failed = { ...INTENT, status: 'requires_payment_method', last_payment_error };
    const payment_intent = { ...failed, next_action: null, payment_method_types: ['card'] };
    write = problem(402, { type: 'card_error', code: 'card_declined', payment_intent });
    const expected = { pspReference: 'pi_1', state: 'failed', method: 'card', failure: 'x9' };
    expect(await open()).toMatchObject(expected);
  });

  it('that replays a server fault is not asked for again but looked up', async () => {
    write = problem(500, { type: 'api_error' }, { 'idempotent-replayed': 'true' });
    read = json(200, { ...INTENT, object: 'list', data: [INTENT], has_more: false, url: '/' });
    expect(await open()).toMatchObject({ pspReference: 'pi_1', state: 'redirect' });
    expect(heard.at(-2)?.path).toContain('/v1/payment_intents/search?query=');
  });

  it('that the key was used with another return address leads to the payment it opened', async () => {
    write = problem(400, { type: 'idempotency_error' });
    read = json(200, { ...INTENT, object: 'list', data: [INTENT], has_more: false, url: '/' });
    expect(await open()).toMatchObject({ pspReference: 'pi_1' });
  });
});

describe('a request to Stripe', () => {
  it('names the allowed method, keeps our reference, and tells nothing about this machine’s calls', async () => {
    write = json(200, INTENT);
    await open();
    await open();
    const headers = heard[1]?.headers;
    expect(Object.fromEntries(heard[1]?.body ?? [])).toEqual({
      amount: '1250',
      currency: 'eur',
      confirm: 'true',
      'allowed_payment_method_types[0]': 'ideal',
      'payment_method_data[type]': 'ideal',
      return_url: 'https://shop.test',
      description: 'Café',
      'metadata[stuiver_reference]': 'att_1',
    });
    expect(headers?.['stripe-version']).toBe('2026-10-28.endive');
    expect(headers?.['x-stripe-client-telemetry']).toBeUndefined();
  });

  it('for a card without a name of it waits for Stripe’s own fields: not confirmed, with no way back', async () => {
    const card = { reference: 'att_2', idempotencyKey: 'att_2', method: 'card' as const };
    const what = {
      amount: Money.ofMinor(100n, 'EUR'),
      description: '',
      returnUrl: 'https://a.test',
    };
    write = json(200, INTENT);
    await psp.openPayment({ ...card, ...what, destination: null });
    expect(Object.fromEntries(heard[0]?.body ?? [])).toEqual({
      amount: '100',
      currency: 'eur',
      'allowed_payment_method_types[0]': 'card',
      description: '',
      'metadata[stuiver_reference]': 'att_2',
    });
  });

  it('that looks for a payment ends in "unknown" when there are too many to look through', async () => {
    const data = Array.from({ length: 100 }, (_none, index) => ({
      ...{ ...INTENT, id: `pi_${index}` },
      metadata: { stuiver_reference: `other_${index}` },
    }));
    read = (response) => {
      const isSearch = heard.at(-1)?.path.includes('/search') === true;
      const page = { object: 'list', data: isSearch ? [] : data, has_more: !isSearch, url: '/' };
      json(200, page)(response);
    };
    const asked = psp.findPayment({ reference: 'att_1' });
    expect(await failureOf(asked)).toBeInstanceOf(PspUnknownOutcome);
    expect(heard).toHaveLength(21);
  });
});
