import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SignedRequest } from '../support/signed-request.js';
import { post, startWireBench, type WireBench } from '../support/wire-bench.js';

/*
 * What a wrong order or refund gets: the contract's status and code, a message that names field and rule, a signed answer,
 * and nothing changed.
 */

const NATIVE = '/v3/pay/transactions/native';
const REFUNDS = '/v3/refund/domestic/refunds';

let bench: WireBench;

beforeAll(async () => {
  bench = await startWireBench();
}, 120_000);

afterAll(async () => {
  await bench.stuiver.dispose();
}, 60_000);

/** Fields of an otherwise good order, a whole body, or what is done to a good body. */
type Changes = object | string | ((valid: string) => string);

function bodyWith(changes: Changes): string {
  if (typeof changes === 'string') return changes;
  if (typeof changes !== 'function') return JSON.stringify(bench.order('wrong-0001', changes));
  return (changes as (valid: string) => string)(JSON.stringify(bench.order('wrong-0001')));
}

describe('an order', () => {
  it.each<[string, Changes, string]>([
    ['with an unknown field', { extra: 1 }, 'extra'],
    [
      'with an unknown field deep inside',
      { amount: { total: 1, currency: 'EUR', tax: 1 } },
      'amount.tax',
    ],
    ['with text for a number', { amount: { total: '250' } }, 'amount.total'],
    ['with a fraction of a cent', { amount: { total: 2.5 } }, 'amount.total'],
    ['over nothing', { amount: { total: 0 } }, 'amount.total'],
    ['below nothing', { amount: { total: -1 } }, 'amount.total'],
    ['beyond all measure', { amount: { total: 1e15 } }, 'amount.total'],
    [
      'in a currency that is not enabled',
      { amount: { total: 1, currency: 'CNY' } },
      'amount.currency',
    ],
    ['without an amount', { amount: undefined }, 'amount'],
    ['with null', { description: null }, 'description'],
    ['with too long a description', { description: 'x'.repeat(128) }, 'description'],
    ['with a short number', { out_trade_no: 'short' }, 'out_trade_no'],
    ['with odd characters in its number', { out_trade_no: 'number#7' }, 'out_trade_no'],
    ['with a query in notify_url', { notify_url: 'https://shop.example/n?a=1' }, 'notify_url'],
    [
      'with a notify_url that is no web address',
      { notify_url: 'ftp://shop.example/' },
      'notify_url',
    ],
    ['with a day that does not exist', { time_expire: '2027-02-30T10:00:00+01:00' }, 'time_expire'],
    ['with a list for an object', { scene_info: [] }, 'scene_info'],
    ['in another merchant’s name', { mchid: '1999999999' }, 'mchid'],
    ['with NUL in a text', { attach: 'a\u0000b' }, 'body'],
    ['with half a character', (valid: string) => valid.replace('Espresso', '\\ud83c'), 'body'],
    ['with a field twice', (valid: string) => valid.replace('{', '{"mchid":"1",'), 'mchid'],
    ['in broken JSON', '{"appid":', 'body'],
    ['that is a list', '[]', 'body'],
    ['without a body', '', 'body'],
  ])('%s is 400 PARAM_ERROR, naming the field', async (_what, changes, field) => {
    const { status, json, headers } = await bench.ask(post(NATIVE, bodyWith(changes)));
    expect(json).toMatchObject({ code: 'PARAM_ERROR', detail: { field } });
    expect(status).toBe(400);
    expect(String(json['message'])).toContain(field);
    expect(headers.get('request-id')).toMatch(/-(268435461|270924358)$/);
    expect((await bench.ask(bench.find('wrong-0001'))).status).toBe(404);
  });

  it('of more than the limit is 413', async () => {
    const { status, json } = await bench.ask(
      post(NATIVE, bench.order('large-0001', { attach: 'x'.repeat(300_000) })),
    );
    expect(status).toBe(413);
    expect(json).toMatchObject({ code: 'PARAM_ERROR', detail: { field: 'body' } });
  });

  it('under another merchant’s appid is refused', async () => {
    const { status, json } = await bench.ask(
      post(NATIVE, bench.order('appid-0001', { appid: bench.stranger.appid })),
    );
    expect([status, json['code']]).toEqual([400, 'APPID_MCHID_NOT_MATCH']);
  });

  it('by jsapi needs an openid that was given under the appid', async () => {
    const jsapi = '/v3/pay/transactions/jsapi';
    const without = await bench.ask(post(jsapi, bench.order('jsapi-0001')));
    expect(without.json).toMatchObject({ code: 'PARAM_ERROR', detail: { field: 'payer' } });
    const unknown = await bench.ask(
      post(jsapi, bench.order('jsapi-0001', { payer: { openid: 'nobody' } })),
    );
    expect(unknown.json).toMatchObject({ code: 'PARAM_ERROR', detail: { field: 'payer.openid' } });
    expect(
      (
        await bench.ask(
          post(jsapi, bench.order('jsapi-0001', { payer: { openid: bench.payer.openid } })),
        )
      ).status,
    ).toBe(200);
  });

  it('repeated alike is a success, with other parameters refused', async () => {
    expect((await bench.ask(post(NATIVE, bench.order('repeat-001')))).status).toBe(200);
    expect((await bench.ask(post(NATIVE, bench.order('repeat-001')))).status).toBe(200);
    const other = await bench.ask(
      post(NATIVE, bench.order('repeat-001', { amount: { total: 1, currency: 'EUR' } })),
    );
    expect([other.status, other.json['code']]).toEqual([403, 'OUT_TRADE_NO_USED']);
    expect(other.headers.get('request-id')).toMatch(/-268498688$/);
    expect((await bench.ask(bench.find('repeat-001'))).json).toMatchObject({
      amount: { total: 250 },
    });
  });

  it('of another merchant does not exist', async () => {
    await bench.ask(post(NATIVE, bench.order('private-01')));
    const seen = await bench.ask(bench.find('private-01', bench.stranger.mchid), bench.stranger);
    expect([seen.status, seen.json['code']]).toEqual([404, 'ORDER_NOT_EXIST']);
    const close = post('/v3/pay/transactions/out-trade-no/private-01/close', {
      mchid: bench.stranger.mchid,
    });
    expect((await bench.ask(close, bench.stranger)).status).toBe(404);
    const lied = await bench.ask(bench.find('private-01', bench.merchant.mchid), bench.stranger);
    expect(lied.json).toMatchObject({
      code: 'PARAM_ERROR',
      detail: { field: 'mchid', location: 'query' },
    });
    expect((await bench.ask(bench.find('private-01'))).json).toMatchObject({
      trade_state: 'NOTPAY',
    });
  });

  it('that is not there, or has no possible number, is not found', async () => {
    expect((await bench.ask(bench.find('nowhere-01'))).json).toMatchObject({
      code: 'ORDER_NOT_EXIST',
    });
    expect((await bench.ask(bench.find('a%00bcdefg'))).json).toMatchObject({
      code: 'PARAM_ERROR',
      detail: { field: 'out_trade_no' },
    });
    expect((await bench.ask(bench.find('a%2Fbcdefg'))).json).toMatchObject({
      code: 'PARAM_ERROR',
      detail: { field: 'out_trade_no' },
    });
  });
});

describe('a paid order', () => {
  const refund = (changes: object): SignedRequest =>
    post(REFUNDS, {
      out_trade_no: 'paid-00001',
      out_refund_no: 'refund-1',
      amount: { refund: 100, total: 250, currency: 'EUR' },
      ...changes,
    });

  beforeAll(async () => {
    // The other one leaves the merchant enough to give this one back whole, fee and all.
    for (const number of ['paid-00001', 'paid-00002']) await orderAndPay(number);
  });

  async function orderAndPay(number: string): Promise<void> {
    const { json } = await bench.ask(post(NATIVE, bench.order(number)));
    const answer = await fetch(`${bench.stuiver.apiUrl}/sandbox/pay`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code_url: json['code_url'], method: 'wallet', outcome: 'success' }),
    });
    expect(await answer.json()).toMatchObject({ trade_state: 'SUCCESS' });
  }

  it('is neither ordered again nor closed', async () => {
    const again = await bench.ask(post(NATIVE, bench.order('paid-00001')));
    expect([again.status, again.json['code']]).toEqual([400, 'ORDER_PAID']);
    const close = await bench.ask(
      post('/v3/pay/transactions/out-trade-no/paid-00001/close', { mchid: bench.merchant.mchid }),
    );
    expect([close.status, close.json['code']]).toEqual([400, 'ORDER_PAID']);
  });

  it.each<[string, object, string, string]>([
    [
      'more than was paid',
      { amount: { refund: 251, total: 250, currency: 'EUR' } },
      'INVALID_REQUEST',
      'amount.refund',
    ],
    [
      'with another total',
      { amount: { refund: 100, total: 251, currency: 'EUR' } },
      'PARAM_ERROR',
      'amount.total',
    ],
    [
      'of nothing',
      { amount: { refund: 0, total: 250, currency: 'EUR' } },
      'PARAM_ERROR',
      'amount.refund',
    ],
    ['of no order', { out_trade_no: undefined }, 'PARAM_ERROR', 'out_trade_no'],
    [
      'with a split that does not exist',
      {
        amount: {
          refund: 1,
          total: 250,
          currency: 'EUR',
          from: [{ account: 'AVAILABLE', amount: 1 }],
        },
      },
      'INVALID_REQUEST',
      'amount.from',
    ],
    [
      'in yuan',
      { amount: { refund: 1, total: 250, currency: 'CNY' } },
      'PARAM_ERROR',
      'amount.currency',
    ],
  ])('refuses a refund %s', async (_what, changes, code, field) => {
    const { status, json } = await bench.ask(refund({ out_refund_no: 'refused-1', ...changes }));
    expect(json).toMatchObject({ code, detail: { field } });
    expect(status).toBe(400);
    expect((await bench.ask({ method: 'GET', target: `${REFUNDS}/refused-1` })).json).toMatchObject(
      {
        code: 'RESOURCE_NOT_EXISTS',
      },
    );
  });

  it('gives back no more than it took, over several refunds and repeats', async () => {
    expect((await bench.ask(refund({}))).status).toBe(200);
    expect((await bench.ask(refund({}))).status).toBe(200);
    const other = await bench.ask(refund({ amount: { refund: 99, total: 250, currency: 'EUR' } }));
    expect([other.status, other.json['code']]).toEqual([400, 'INVALID_REQUEST']);
    const rest = {
      out_refund_no: 'refund-2',
      amount: { refund: 151, total: 250, currency: 'EUR' },
    };
    expect((await bench.ask(refund(rest))).json).toMatchObject({
      code: 'INVALID_REQUEST',
      detail: { field: 'amount.refund' },
    });
    expect(
      (await bench.ask(refund({ ...rest, amount: { ...rest.amount, refund: 150 } }))).status,
    ).toBe(200);
  });

  it('and its refunds do not exist for another merchant', async () => {
    expect((await bench.ask(refund({ out_refund_no: 'stolen-1' }), bench.stranger)).status).toBe(
      404,
    );
    expect(
      (await bench.ask({ method: 'GET', target: `${REFUNDS}/refund-1` }, bench.stranger)).status,
    ).toBe(404);
  });
});
