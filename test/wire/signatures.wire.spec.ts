import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  authorizationOf,
  nowSeconds,
  rawExchange,
  type SignedRequest,
  type WireAnswer,
} from '../support/signed-request.js';
import { post, startWireBench, type WireBench } from '../support/wire-bench.js';

/*
 * Who is let in, and how every answer is signed.
 */

const NATIVE = '/v3/pay/transactions/native';

let bench: WireBench;

beforeAll(async () => {
  bench = await startWireBench();
}, 120_000);

afterAll(async () => {
  await bench.stuiver.dispose();
}, 60_000);

describe('a signature', () => {
  it.each<[string, () => Promise<WireAnswer>, string]>([
    ['absent', () => bench.ask(bench.find('bad-000001'), null), 'Authorization'],
    [
      'over another body',
      () => bench.ask({ ...post(NATIVE, bench.order('bad-000002')), sent: '{}' }),
      'signature',
    ],
    [
      'by another key',
      () =>
        bench.ask(bench.find('bad-000003'), {
          ...bench.merchant,
          private_key: bench.stranger.private_key,
        }),
      'signature',
    ],
    [
      'from six minutes ago',
      () => bench.ask({ ...bench.find('bad-000004'), timestamp: nowSeconds() - 360 }),
      'timestamp',
    ],
    [
      'from the future',
      () => bench.ask({ ...bench.find('bad-000005'), timestamp: nowSeconds() + 360 }),
      'timestamp',
    ],
    [
      'of an unknown merchant',
      () => bench.ask(bench.find('bad-000006'), { ...bench.merchant, mchid: '1999999999' }),
      'mchid',
    ],
    [
      'with an unknown serial number',
      () => bench.ask(bench.find('bad-000007'), { ...bench.merchant, serial_no: 'AB12' }),
      'serial_no',
    ],
    [
      'with another merchant’s serial number',
      () =>
        bench.ask(bench.find('bad-000008'), {
          ...bench.merchant,
          serial_no: bench.stranger.serial_no,
        }),
      'serial_no',
    ],
  ])('%s is 401 SIGN_ERROR, naming the part', async (_what, send, field) => {
    const { status, json } = await send();
    expect(status).toBe(401);
    expect(json).toMatchObject({
      code: 'SIGN_ERROR',
      detail: { field, location: 'authorization' },
    });
    expect(String(json['message'])).toContain(field);
  });

  it('that does not fit comes with the text the server built', async () => {
    const { json } = await bench.ask({ ...post(NATIVE, '{"a":1}'), sent: '{"a":2}' });
    expect(json['detail']).toMatchObject({
      sign_information: {
        method: 'POST',
        url: NATIVE,
        truncated_sign_message: expect.stringContaining('{"a":2}') as unknown,
      },
    });
  });

  it('may be sent again as it is; its nonce serves no other request', async () => {
    const request = {
      ...post(NATIVE, bench.order('nonce-0001')),
      nonce: 'once-and-for-all',
      timestamp: nowSeconds(),
    };
    const first = await bench.ask(request);
    const second = await bench.ask(request);
    expect([first.status, second.status]).toEqual([200, 200]);
    const other = await bench.ask({ ...request, body: JSON.stringify(bench.order('nonce-0002')) });
    expect(other).toMatchObject({
      status: 401,
      json: { code: 'SIGN_ERROR', detail: { field: 'nonce_str' } },
    });
    expect((await bench.ask(bench.find('nonce-0002'))).status).toBe(404);
  });
});

describe('the answer', () => {
  const names = [
    'Wechatpay-Timestamp',
    'Wechatpay-Nonce',
    'Wechatpay-Signature',
    'Wechatpay-Serial',
    'Wechatpay-Signature-Type',
    'Request-ID',
  ];

  it.each<[string, () => Promise<string>]>([
    ['200', () => raw({ method: 'GET', target: '/v3/certificates' })],
    [
      '204',
      () =>
        bench.ask(post(NATIVE, bench.order('case-00001'))).then(() =>
          raw(
            post('/v3/pay/transactions/out-trade-no/case-00001/close', {
              mchid: bench.merchant.mchid,
            }),
          ),
        ),
    ],
    ['404', () => raw({ method: 'GET', target: '/v3/marketing/favor/stocks' })],
    [
      '401',
      () =>
        rawExchange(
          bench.stuiver.apiUrl,
          'GET /v3/certificates HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
        ),
    ],
    [
      '400',
      () =>
        rawExchange(
          bench.stuiver.apiUrl,
          'GET /v3/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
        ),
    ],
    ['400', () => rawExchange(bench.stuiver.apiUrl, 'this is not HTTP\r\n\r\n')],
  ])('%s has its headers in exactly this case', async (status, send) => {
    const text = await send();
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    for (const name of names) expect(text).toContain(`\r\n${name}: `);
    if (status !== '204') expect(text).toContain('\r\nContent-Type: application/json');
  });

  it('to an unknown product group names the group', async () => {
    const { status, json } = await bench.ask({
      method: 'GET',
      target: '/v3/marketing/favor/stocks',
    });
    expect([status, json['code']]).toEqual([404, 'RESOURCE_NOT_EXISTS']);
    expect(String(json['message'])).toContain('"marketing"');
  });

  function raw(request: SignedRequest): Promise<string> {
    const { method, target, body = '' } = request;
    const head = [
      `${method} ${target} HTTP/1.1`,
      'Host: x',
      'Connection: close',
      `Authorization: ${authorizationOf(bench.merchant, request)}`,
      `Content-Length: ${String(Buffer.byteLength(body))}`,
    ];
    return rawExchange(bench.stuiver.apiUrl, `${head.join('\r\n')}\r\n\r\n${body}`);
  }
});

describe('GET /sns/jscode2session', () => {
  async function session(changes: object): Promise<unknown> {
    const query = new URLSearchParams({
      appid: bench.merchant.appid,
      secret: bench.merchant.app_secret,
      js_code: 'x',
      grant_type: 'authorization_code',
      ...changes,
    });
    const answer = await fetch(`${bench.stuiver.apiUrl}/sns/jscode2session?${query.toString()}`);
    expect(answer.status).toBe(200);
    return answer.json();
  }

  it('tells the mini-program’s server who logged in, once', async () => {
    const login = await fetch(`${bench.stuiver.apiUrl}/checkout/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${bench.payer.token}` },
      body: JSON.stringify({ appid: bench.merchant.appid }),
    });
    const { code } = (await login.json()) as { code: string };
    const opened = { openid: bench.payer.openid, session_key: expect.any(String) as unknown };
    expect(await session({ js_code: code })).toEqual(opened);
    expect(await session({ js_code: code })).toMatchObject({ errcode: 40163 });
  });

  it.each([
    [{ appid: 'wxunknown' }, 40013],
    [{ secret: 'wrong' }, 40125],
    [{ js_code: 'never-given' }, 40029],
    [{ grant_type: 'password' }, 40002],
  ])('answers %j with %d', async (changes, errcode) => {
    expect(await session(changes)).toMatchObject({ errcode });
  });
});
