import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SandboxWorld } from './testing/sandbox-world.js';
import { idsOf, Wire } from './testing/wire.js';

let world: SandboxWorld;
let wire: Wire;
beforeAll(async () => {
  world = await SandboxWorld.open();
  wire = new Wire(world);
});
afterAll(() => world.close());

const INTENTS = '/v1/payment_intents';
const PLAIN = 'amount=1250&currency=eur';
const IDEAL =
  `${PLAIN}&confirm=true&allowed_payment_method_types[0]=ideal&payment_method_data[type]=ideal` +
  '&return_url=https%3A%2F%2Fshop.test%2Fback%3Forder%3D1&metadata[stuiver_reference]=att_1';

describe('who may call', () => {
  it('takes the key as Bearer and as Basic', async () => {
    const basic = `Basic ${Buffer.from('sk_test_stuiver:').toString('base64')}`;
    const answer = await wire.get('/v1/balance', { headers: { authorization: basic } });
    expect(answer.status).toBe(200);
    expect((await wire.get('/v1/balance')).status).toBe(200);
  });

  it.each(['', 'Bearer', 'Bearer sk_test_other', 'Basic c2tfbGl2ZQ==', 'Digest sk_test_stuiver'])(
    'refuses "%s"',
    async (authorization) => {
      const answer = await wire.get('/v1/balance', { headers: { authorization } });
      expect(answer.status).toBe(401);
      expect(answer.error?.['type']).toBe('invalid_request_error');
    },
  );

  it.each([
    ['order', 'GET /v1/balance', 200],
    ['order', 'GET /v1/payment_intents/search?query=x', 400],
    ['order', 'POST /v1/payouts', 403],
    ['order', 'GET /v1/balance_transactions', 403],
    ['payout', 'GET /v1/payouts?limit=1', 200],
    ['payout', 'POST /v1/refunds', 403],
    ['payout', 'POST /v1/payment_intents', 403],
    ['payout', 'POST /_test/webhooks', 403],
    ['payout', 'GET /v1/payouts_of_others', 403],
  ])('lets the restricted key of %s call %s: %i', async (service, call, status) => {
    const headers = { authorization: `Bearer rk_test_stuiver_${service}` };
    const [method, path = ''] = call.split(' ');
    const answer =
      method === 'GET' ? await wire.get(path, { headers }) : await wire.post(path, '', { headers });
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.error?.['type']).toBe('invalid_request_error');
    expect(JSON.stringify(answer.error ?? {})).not.toContain(`stuiver_${service}`);
  });

  it('knows no connected account', async () => {
    const answer = await wire.get('/v1/balance', { headers: { 'stripe-account': 'acct_1' } });
    expect(answer).toMatchObject({ status: 403, error: { code: 'account_invalid' } });
  });

  it('asks for the key behind the scenes too', async () => {
    const headers = { authorization: '' };
    expect((await wire.post('/_test/webhooks', '{"hold":true}', { headers })).status).toBe(401);
  });

  it('gives every answer an id of its own and says which version it speaks', async () => {
    const [one, two] = [await wire.get('/v1/balance'), await wire.get(`${INTENTS}/pi_no`)];
    expect(one.headers.get('request-id')).toMatch(/^req_[0-9a-f]{16}$/);
    expect(two.headers.get('request-id')).not.toBe(one.headers.get('request-id'));
    expect(one.headers.get('stripe-version')).toBe('2026-10-28.endive');
  });
});

describe('versions', () => {
  const older = { 'stripe-version': '2026-08-26.dahlia' };

  it('refuse payment_method_types since the autumn of 2026', async () => {
    const body = `${PLAIN}&payment_method_types[]=ideal`;
    for (const version of ['2026-09-30.endive', '2026-10-28.endive']) {
      const answer = await wire.post(INTENTS, body, { headers: { 'stripe-version': version } });
      expect(answer).toMatchObject({
        status: 400,
        error: { code: 'parameter_unknown', param: 'payment_method_types' },
      });
    }
    const before = await wire.post(INTENTS, body, { headers: older });
    expect(before).toMatchObject({ status: 200, body: { payment_method_types: ['ideal'] } });
    expect(before.headers.get('stripe-version')).toBe('2026-08-26.dahlia');
  });

  it.each(['2027-01-01.ficus', 'latest', '2026-10-28.endive; drop'])('refuse %s', async (name) => {
    const answer = await wire.get('/v1/balance', { headers: { 'stripe-version': name } });
    expect(answer).toMatchObject({ status: 400, error: { type: 'invalid_request_error' } });
  });
});

describe('wrong parameters', () => {
  it.each([
    ['', 'parameter_missing', 'amount'],
    ['amount=1250', 'parameter_missing', 'currency'],
    ['amount=&currency=eur', 'parameter_invalid_empty', 'amount'],
    ['amount=12.5&currency=eur', 'parameter_invalid', 'amount'],
    ['amount=-5&currency=eur', 'parameter_invalid', 'amount'],
    ['amount=1&amount=2&currency=eur', 'parameter_invalid', 'amount'],
    ['amount[a][b]=1&currency=eur', 'parameter_invalid', 'amount'],
    ['amount=100000000&currency=eur', 'parameter_invalid', 'amount'],
    ['amount=49&currency=eur', 'amount_too_small', 'amount'],
    ['amount=1250&currency=EUR', 'parameter_invalid', 'currency'],
    [`${PLAIN}&colour=red`, 'parameter_unknown', 'colour'],
    [`${PLAIN}&payment_method_data[wero]=1`, 'parameter_missing', 'payment_method_data[type]'],
    [`${PLAIN}&confirm=yes`, 'parameter_invalid', 'confirm'],
    [`${PLAIN}&metadata[${'k'.repeat(41)}]=v`, 'parameter_invalid', `metadata[${'k'.repeat(41)}]`],
    [`${PLAIN}&confirm=true`, 'parameter_missing', 'payment_method'],
    [`${PLAIN}&confirm=true&payment_method_data[type]=ideal`, 'parameter_missing', 'return_url'],
    [`${PLAIN}&description=a%00b`, 'parameter_invalid', undefined],
  ])('%s is answered %s on %s, and nothing is made', async (body, code, param) => {
    const before = idsOf(await wire.get(`${INTENTS}?limit=1`));
    const answer = await wire.post(INTENTS, body);
    expect(answer.status).toBe(400);
    expect(answer.error).toMatchObject({ type: 'invalid_request_error', code });
    expect(answer.error?.['param']).toBe(param);
    expect(idsOf(await wire.get(`${INTENTS}?limit=1`))).toEqual(before);
  });

  it.each([
    ['GET', `${INTENTS}/pi_nobody`],
    ['GET', `${INTENTS}/a%00b`],
    ['GET', `${INTENTS}/%E0%A4%A`],
    ['GET', '/v1/customers'],
    ['GET', `${INTENTS}?starting_after=pi_nobody`],
    ['GET', `${INTENTS}?limit=101`],
    ['GET', `${INTENTS}?created[gte]=yesterday`],
    ['GET', `${INTENTS}?expand[]=data.nothing`],
    ['GET', `${INTENTS}/search?query=amount%3E1`],
    ['POST', `${INTENTS}/pi_nobody/cancel`],
    ['POST', '/v1/refunds'],
    ['POST', '/_test/faults'],
    ['POST', '/_test/payment_intents/pi_nobody/authorise'],
    ['POST', '/bank/pi_nobody/secret'],
  ])('%s %s is no fault of ours', async (method, path) => {
    await wire.paidIntent();
    const body = method === 'POST' ? { body: 'x=1' } : {};
    const answer = await wire.send(method, path, body);
    expect([400, 404]).toContain(answer.status);
  });
});

describe('a payment intent', () => {
  it('sends the payer to the bank page with our address kept', async () => {
    const { body } = await wire.post(INTENTS, IDEAL);
    expect(body).toMatchObject({
      object: 'payment_intent',
      amount: 1250,
      currency: 'eur',
      status: 'requires_action',
      metadata: { stuiver_reference: 'att_1' },
      payment_method_types: ['ideal'],
      next_action: {
        type: 'redirect_to_url',
        redirect_to_url: { return_url: 'https://shop.test/back?order=1' },
      },
    });
  });

  it('is found by its metadata, its status and its currency', async () => {
    const tag = "it's \\ here";
    const body = `${PLAIN}&metadata[tag]=${encodeURIComponent(tag)}`;
    const { id } = (await wire.post(INTENTS, body)).body;
    const quoted = tag.replaceAll(/[\\']/g, (character) => `\\${character}`);
    const search = async (query: string): Promise<readonly string[]> =>
      idsOf(await wire.get(`${INTENTS}/search?query=${encodeURIComponent(query)}`));
    expect(await search(`metadata['tag']:'${quoted}'`)).toEqual([id]);
    expect(
      await search(`metadata['tag']:'${quoted}' AND status:'requires_payment_method'`),
    ).toEqual([id]);
    expect(await search(`metadata['tag']:'${quoted}' AND currency:'usd'`)).toEqual([]);
  });

  it('takes metadata away when it is set to nothing', async () => {
    const { id } = (await wire.post(INTENTS, `${PLAIN}&metadata[a]=1&metadata[b]=2&metadata[c]=`))
      .body;
    const path = `${INTENTS}/${String(id)}`;
    expect((await wire.get(path)).body['metadata']).toEqual({ a: '1', b: '2' });
    await wire.post(path, 'metadata[a]=&metadata[d]=4&description=coffee');
    expect((await wire.get(path)).body).toMatchObject({
      metadata: { b: '2', d: '4' },
      description: 'coffee',
    });
    await wire.post(path, 'metadata=&description=');
    expect((await wire.get(path)).body).toMatchObject({ metadata: {}, description: null });
  });

  it('is neither cancelled nor confirmed once it succeeded, and says so with itself inside', async () => {
    const id = await wire.paidIntent();
    for (const [verb, body] of [
      ['cancel', ''],
      ['confirm', 'payment_method=pm_card_visa'],
    ]) {
      const { status, error } = await wire.post(`${INTENTS}/${id}/${String(verb)}`, body ?? '');
      expect(status).toBe(400);
      expect(error).toMatchObject({
        code: 'payment_intent_unexpected_state',
        payment_intent: { id, status: 'succeeded' },
      });
    }
  });

  it.each([
    ['pm_card_chargeDeclined', 'generic_decline'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
    ['pm_card_chargeDeclinedLostCard', 'lost_card'],
  ])('declines %s with 402 and waits for another card', async (card, decline) => {
    const body = `${PLAIN}&confirm=true&payment_method=${card}`;
    const { status, error } = await wire.post(INTENTS, body);
    expect(status).toBe(402);
    expect(error).toMatchObject({
      ...{ type: 'card_error', code: 'card_declined', decline_code: decline },
      payment_intent: { status: 'requires_payment_method' },
    });
    const { id } = error?.['payment_intent'] as { id: string };
    const again = await wire.post(`${INTENTS}/${id}/confirm`, 'payment_method=pm_card_visa');
    expect(again).toMatchObject({ status: 200, body: { status: 'succeeded' } });
  });

  it('sends a card that needs 3-D Secure to its bank', async () => {
    const card = 'payment_method=pm_card_threeDSecure2Required&return_url=https%3A%2F%2Fshop.test';
    const { body } = await wire.post(INTENTS, `${PLAIN}&confirm=true&${card}`);
    expect(body['status']).toBe('requires_action');
    const decided = await wire.post(`/_test/payment_intents/${String(body['id'])}/fail`, '');
    expect(decided.body).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { decline_code: 'authentication_required' },
    });
  });

  it('shows its charge and the PSP’s own booking of it when asked to', async () => {
    const id = await wire.paidIntent(1_000);
    const path = `${INTENTS}/${id}?expand[]=latest_charge.balance_transaction`;
    expect((await wire.get(path)).body).toMatchObject({
      latest_charge: {
        object: 'charge',
        balance_transaction: { amount: 1000, fee: 40, net: 960, type: 'charge', status: 'pending' },
      },
    });
  });
});

describe('lists', () => {
  it('turn pages both ways without a gap or a repeat', async () => {
    const made: string[] = [];
    for (let count = 0; count < 7; count += 1) made.unshift(await wire.paidIntent());
    const page = async (query: string): Promise<readonly string[]> =>
      idsOf(await wire.get(`${INTENTS}?limit=3&${query}`));
    const first = await page('');
    const second = await page(`starting_after=${String(first[2])}`);
    expect([...first, ...second]).toEqual(made.slice(0, 6));
    expect(await page(`ending_before=${String(second[0])}`)).toEqual(first);
    expect((await wire.get(`${INTENTS}?limit=3`)).body['has_more']).toBe(true);
  });

  it('tell events by type, newest first, with the request that caused them', async () => {
    const body = `${PLAIN}&confirm=true&payment_method=pm_card_visa`;
    const made = await wire.post(INTENTS, body, { key: 'events-1' });
    const query = 'types[]=payment_intent.succeeded&types[]=payment_intent.created&limit=2';
    const { body: list } = await wire.get(`/v1/events?${query}`);
    const [newest, older] = list['data'] as Record<string, unknown>[];
    const request = { id: made.headers.get('request-id'), idempotency_key: 'events-1' };
    expect(newest).toMatchObject({ type: 'payment_intent.succeeded', request });
    expect(older).toMatchObject({ type: 'payment_intent.created', request });
    expect((await wire.get(`/v1/events/${String(newest?.['id'])}`)).body).toEqual(newest);
  });

  it('give a test card an id of its own, as a payment method that can be read again', async () => {
    const { body } = await wire.get('/v1/payment_methods/pm_card_visa');
    expect(body).toMatchObject({ object: 'payment_method', card: { last4: '4242' } });
    expect((await wire.get(`/v1/payment_methods/${String(body['id'])}`)).body).toEqual(body);
  });
});
