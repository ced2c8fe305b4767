import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Visit } from '@stuiver/testing';
import { MCHID, OrderWorld } from '../../../testing/order-world.js';
import { jsonOf, StaffApp } from '../../../testing/staff-app.js';

type Json = Record<string, unknown>;

let world: OrderWorld;
let app: StaffApp;
/** Who asks, by role. `cafe` is of MCHID, `bakery` of another merchant. */
const people = new Map<string, Browser>();
const BAKERY = '1900000002';
const PEOPLE = [
  { who: 'cafe', roles: ['merchant'], merchants: [MCHID] },
  { who: 'bakery', roles: ['merchant'], merchants: [BAKERY] },
  { who: 'finance', roles: ['finance'], merchants: [] },
  { who: 'operator', roles: ['operator'], merchants: [] },
] as const;

beforeAll(async () => {
  world = await OrderWorld.open();
  await world.query(
    `insert into orders.merchant (mchid, name, api_v3_key_sealed, created_at)
     values ($1, 'Bakkerij', '\\x00', now())`,
    [BAKERY],
  );
  app = await StaffApp.start(world);
  for (const { who, roles, merchants } of PEOPLE) {
    const email = `${who}@example.eu`;
    await app.newStaff({ email, name: who, roles, merchants });
    people.set(who, await app.signedIn(email));
  }
});
afterAll(async () => {
  await app.close();
  await world.close();
});

function as(who: string): Browser {
  const browser = people.get(who);
  if (browser === undefined) throw new Error(`nobody is called ${who}`);
  return browser;
}

const pathOf = (mchid: string, rest = ''): string => `/console/merchants/${mchid}/orders${rest}`;

async function post(who: string, path: string, json: object): Promise<Visit> {
  const me = jsonOf(await as(who).ask('GET', '/staff/me'));
  const headers = { 'x-csrf-token': String(me['csrfToken']) };
  return as(who).ask('POST', path, { json, headers });
}

async function paidOrder(): Promise<{ orderId: string; attemptId: string }> {
  const { userId } = await world.payer();
  const sheet = await world.sheet(userId);
  await world.confirm(sheet.attemptId, userId, 'wallet');
  return sheet;
}

describe("a merchant's orders", () => {
  it('come newest first, page by page, each once', async () => {
    const expected: string[] = [];
    for (let made = 0; made < 53; made += 1) {
      const { outTradeNo } = world.orderRequest();
      await world.parts.openOrder.run({
        ...world.orderRequest(),
        outTradeNo: `page-${outTradeNo}`,
      });
      world.clock.advance(10);
      expected.unshift(`page-${outTradeNo}`);
    }
    const first = jsonOf(await as('cafe').ask('GET', pathOf(MCHID)));
    expect(first['items']).toHaveLength(50);
    const before = String(first['next']);
    const rest = jsonOf(await as('cafe').ask('GET', pathOf(MCHID, `?before=${before}`)));
    expect(rest['next']).toBeNull();
    const items = [...(first['items'] as Json[]), ...(rest['items'] as Json[])];
    expect(items.map((item) => item['outTradeNo'])).toEqual(expected);
    expect(items[0]).toMatchObject({
      ...{ state: 'NOTPAY', amountMinor: '1000', feeMinor: null, refundedMinor: '0' },
      ...{ currency: 'EUR', transactionId: null, method: null, paidAt: null },
    });
  });

  it('are told whole: how they were paid, given back, and what was said about it', async () => {
    const { orderId, attemptId } = await paidOrder();
    const detail = jsonOf(await as('cafe').ask('GET', pathOf(MCHID, `/${orderId}`)));
    expect(detail).toMatchObject({
      ...{ orderId, state: 'SUCCESS', method: 'wallet', amountMinor: '1000', feeMinor: '19' },
      attempts: [{ attemptId, state: 'succeeded', method: 'wallet', pspReference: null }],
      refunds: [],
      notifications: [{ event: 'TRANSACTION.SUCCESS', tries: expect.any(Number) }],
    });
    const paid = jsonOf(await as('cafe').ask('GET', pathOf(MCHID, '?state=SUCCESS')));
    expect((paid['items'] as Json[]).map((item) => item['orderId'])).toEqual([orderId]);
  });

  it('are found by number, word, amount and day, and not among another’s', async () => {
    const opened = { ...world.orderRequest(), outTradeNo: 'find-0001', description: '50% Koffie' };
    await world.parts.openOrder.run(opened);
    const found = async (query: string, who = 'cafe'): Promise<unknown[]> => {
      const answer = jsonOf(await as(who).ask('GET', pathOf(MCHID, `?${query}`)));
      return (answer['items'] as Json[]).map((item) => item['outTradeNo']);
    };
    for (const query of ['q=find-', 'q=50%25+kof', 'q=find-0001&state=NOTPAY']) {
      expect([query, await found(query)]).toEqual([query, ['find-0001']]);
    }
    expect(await found('q=10,00')).toContain('find-0001');
    expect(await found('q=find-0001&state=SUCCESS')).toEqual([]);
    const today = world.clock.now().toISOString().slice(0, 10);
    expect(await found(`q=find-&from=${today}&to=${today}`)).toEqual(['find-0001']);
    expect(await found('q=find-&to=2020-01-01')).toEqual([]);
  });

  it('can be refunded from there, once per request id', async () => {
    const { orderId } = await paidOrder();
    const path = pathOf(MCHID, `/${orderId}/refunds`);
    const body = { amountMinor: '250', reason: 'Cold coffee', requestId: 'refund-0001' };
    const [one, two] = await Promise.all([post('cafe', path, body), post('cafe', path, body)]);
    expect([one.status, two.status]).toEqual([200, 200]);
    expect(jsonOf(one)['refundId']).toBe(jsonOf(two)['refundId']);
    const again = await post('cafe', path, { ...body, amountMinor: '300' });
    expect(again.status).toBe(400);
    const detail = jsonOf(await as('finance').ask('GET', pathOf(MCHID, `/${orderId}`)));
    expect(detail).toMatchObject({ state: 'REFUND', refundedMinor: '250' });
    expect(detail['refunds']).toMatchObject([
      { outRefundNo: 'console-refund-0001', amountMinor: '250' },
    ]);
    const tooMuch = { amountMinor: '751', reason: 'More', requestId: 'refund-0002' };
    expect((await post('operator', path, tooMuch)).status).toBeGreaterThanOrEqual(400);
  });

  it('are not refunded without the token of the session, nor by finance', async () => {
    const { orderId } = await paidOrder();
    const path = pathOf(MCHID, `/${orderId}/refunds`);
    const json = { amountMinor: '100', reason: 'Forged', requestId: 'refund-0003' };
    expect(jsonOf(await as('cafe').ask('POST', path, { json }))['code']).toBe('NOT_OUR_PAGE');
    expect(jsonOf(await post('finance', path, json))['code']).toBe('ROLE_MISSING');
  });

  it('refuse bad input with the rule it broke', async () => {
    const { orderId } = await paidOrder();
    const path = pathOf(MCHID, `/${orderId}/refunds`);
    const body = { amountMinor: '100', reason: 'Cold', requestId: 'refund-0004' };
    const { requestId, ...without } = body;
    expect(requestId).toBeDefined();
    for (const bad of [without, { ...body, amountMinor: 100 }, { ...body, amountMinor: '-1' }]) {
      expect(jsonOf(await post('cafe', path, bad))['code']).toBe('PARAM_ERROR');
    }
    const bad = ['?before=x', '?state=PAID', '?limit=1', '?q=', '?from=2026-02-31', '?to=today'];
    for (const query of bad) {
      expect((await as('cafe').ask('GET', pathOf(MCHID, query))).status).toBe(400);
    }
  });
});

describe('merchant A at every route of merchant B', () => {
  const ROUTES = [
    ['GET', ''],
    ['GET', '?state=SUCCESS'],
    ['GET', '/{order}'],
    ['POST', '/{order}/refunds'],
  ] as const;
  const body = { amountMinor: '100', reason: 'Not mine', requestId: 'refund-theirs' };

  const visit = async (who: string, method: string, path: string): Promise<Visit> =>
    method === 'GET' ? as(who).ask('GET', path) : post(who, path, body);

  it.each(ROUTES)('finds nothing: %s orders%s', async (method, rest) => {
    const { orderId } = await paidOrder();
    const path = rest.replace('{order}', orderId);
    const theirs = await visit('bakery', method, pathOf(MCHID, path));
    expect(jsonOf(theirs)).toMatchObject({ code: 'NOT_FOUND' });
    expect(theirs.status).toBe(404);
    // Just as if it were not there at all.
    const nobodys = await visit('bakery', method, pathOf('1999999999', path));
    expect(nobodys.status).toBe(404);
    if (rest.includes('{order}')) {
      // Their own merchant's address with another's order.
      const crossed = await visit('bakery', method, pathOf(BAKERY, path));
      expect(crossed.status).toBe(404);
    }
    const stranger = await app.browser().ask(method, pathOf(MCHID, path));
    expect(stranger.status).toBe(401);
    const [row] = await world.query<{ refunds: string }>(
      'select count(*) as refunds from orders.refund where order_id = $1',
      [orderId],
    );
    expect(row?.refunds).toBe('0');
  });

  it('finds its own, and finance and operators find all', async () => {
    const { orderId } = await paidOrder();
    for (const who of ['cafe', 'finance', 'operator']) {
      expect((await as(who).ask('GET', pathOf(MCHID, `/${orderId}`))).status).toBe(200);
    }
    expect(jsonOf(await as('bakery').ask('GET', pathOf(BAKERY)))).toEqual({
      items: [],
      next: null,
    });
  });
});
