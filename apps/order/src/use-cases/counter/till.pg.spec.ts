import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CounterDay, TillNow, TillOrder } from '@stuiver/console-api';
import type { Browser, Visit } from '@stuiver/testing';
import { MCHID, OrderWorld, refusalOf } from '../../testing/order-world.js';
import { jsonOf, StaffApp } from '../../testing/staff-app.js';

let world: OrderWorld;
let app: StaffApp;
const people = new Map<string, Browser>();
const BAKERY = '1900000002';
const PEOPLE = [
  { who: 'cashier', roles: ['cashier'], merchants: [MCHID] },
  { who: 'cafe', roles: ['merchant'], merchants: [MCHID] },
  { who: 'bakery', roles: ['merchant', 'cashier'], merchants: [BAKERY] },
  { who: 'finance', roles: ['finance'], merchants: [] },
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

async function post(who: string, path: string, json: object = {}): Promise<Visit> {
  const me = jsonOf(await as(who).ask('GET', '/staff/me'));
  return as(who).ask('POST', path, { json, headers: { 'x-csrf-token': String(me['csrfToken']) } });
}

const till = (rest = '', mchid = MCHID): string => `/console/merchants/${mchid}/till${rest}`;
const toldOrder = (visit: Visit): TillOrder => jsonOf(visit) as unknown as TillOrder;
const toldNow = (visit: Visit): TillNow => jsonOf(visit) as unknown as TillNow;
const toldDay = (visit: Visit): CounterDay => jsonOf(visit) as unknown as CounterDay;
let requests = 0;
const newRequest = (): string => `request-${String((requests += 1)).padStart(4, '0')}`;

async function rungUp(amountMinor: string, over: object = {}): Promise<TillOrder> {
  const body = { amountMinor, requestId: newRequest(), ...over };
  return toldOrder(await post('cashier', till('/orders'), body));
}

async function pay(order: TillOrder): Promise<void> {
  const { userId } = await world.payer();
  const code = order.codeUrl?.split('/p/')[1] ?? '';
  const { attempt } = await world.parts.openAttempt.byCode(userId, code);
  await world.confirm(attempt.id, userId, 'wallet');
}

describe('the till', () => {
  it('opens an order that whoever scans it pays, and says so at once', async () => {
    const order = await rungUp('1250', { note: 'Twee koffie' });
    expect(order).toMatchObject({ state: 'waiting', amountMinor: '1250', note: 'Twee koffie' });
    expect(order.codeUrl).toMatch(/^http:\/\/localhost:\d+\/p\/[\w-]{22}$/);
    const watch = as('cashier').ask(
      'GET',
      till(`/orders/${order.orderId}?wait_ms=10000&seen=waiting`),
    );
    await pay(order);
    // A payment that is seen under way is looked at once more.
    const { state } = toldOrder(await watch);
    const rest = `?wait_ms=10000&seen=${state === 'paid' ? 'waiting' : state}`;
    const end = await as('cashier').ask('GET', till(`/orders/${order.orderId}${rest}`));
    expect(jsonOf(end)).toMatchObject({ state: 'paid', codeUrl: null });
    const [row] = await world.query<{ count: string }>(
      'select count(*) as count from orders.notification where about = $1',
      [order.orderId],
    );
    expect(row?.count).toBe('0');
  });

  it('makes one order of a request that is sent twice, at the same moment too', async () => {
    const requestId = newRequest();
    const body = { amountMinor: '700', requestId };
    const [one, two] = await Promise.all([
      post('cashier', till('/orders'), body),
      post('cashier', till('/orders'), body),
    ]);
    expect(toldOrder(one)).toEqual(toldOrder(two));
    const other = await post('cashier', till('/orders'), { ...body, amountMinor: '800' });
    expect(jsonOf(other)).toMatchObject({ code: 'STATE_CONFLICT' });
    const [row] = await world.query<{ count: string }>(
      'select count(*) as count from orders.counter_order where request_key like $1',
      [`%${requestId}`],
    );
    expect(row?.count).toBe('1');
  });

  it('shows the open order again, to the cashier who opened it', async () => {
    world.clock.advance(10);
    const order = await rungUp('300');
    const now = toldNow(await as('cashier').ask('GET', till()));
    expect(now.open?.orderId).toBe(order.orderId);
    expect(toldNow(await as('cafe').ask('GET', till())).open).toBeNull();
  });

  it('cancels what nobody paid, twice as once, and never what was paid', async () => {
    const order = await rungUp('900');
    const cancel = till(`/orders/${order.orderId}/cancel`);
    for (const answer of [await post('cashier', cancel), await post('cashier', cancel)]) {
      expect(jsonOf(answer)).toMatchObject({ state: 'cancelled', codeUrl: null });
    }
    const acts = await world.query<{ act: string }>(
      'select act from orders.audit_entry where subject_id = $1 order by no',
      [order.orderId],
    );
    expect(acts.map(({ act }) => act)).toEqual(['till-order-opened', 'till-order-cancelled']);
    const paid = await rungUp('901');
    await pay(paid);
    const late = await post('cashier', till(`/orders/${paid.orderId}/cancel`));
    expect(jsonOf(late)).toMatchObject({ state: 'paid' });
  });

  it('lets an order go after ten minutes', async () => {
    const order = await rungUp('400');
    const { userId } = await world.payer();
    world.clock.advance(10 * 60_000 + 1);
    const code = order.codeUrl?.split('/p/')[1] ?? '';
    expect(await refusalOf(world.parts.openAttempt.byCode(userId, code))).toBe('ORDER_IS_EXPIRED');
    const path = till(`/orders/${order.orderId}?seen=waiting`);
    expect(jsonOf(await as('cashier').ask('GET', path))).toMatchObject({ state: 'expired' });
  });

  it('refuses bad input with the rule it broke', async () => {
    const good = { amountMinor: '100', requestId: 'request-good' };
    for (const bad of [
      { amountMinor: '0' },
      { amountMinor: 1 },
      { note: '' },
      { requestId: 'x' },
    ]) {
      expect((await post('cashier', till('/orders'), { ...good, ...bad })).status).toBe(400);
    }
    expect((await as('cashier').ask('GET', till('/days/2026-02-31'))).status).toBe(400);
  });
});

describe('who may use the till', () => {
  it.each(['bakery', 'finance'])('not %s', async (who) => {
    const answer = await post(who, till('/orders'), { amountMinor: '1', requestId: newRequest() });
    expect([403, 404]).toContain(answer.status);
    expect((await as(who).ask('GET', till())).status).toBe(answer.status);
  });

  it('a cashier sees the till and nothing else of the merchant', async () => {
    expect((await as('cashier').ask('GET', till())).status).toBe(200);
    for (const rest of ['orders', 'psp-account']) {
      const path = `/console/merchants/${MCHID}/${rest}`;
      expect([rest, (await as('cashier').ask('GET', path)).status]).toEqual([rest, 404]);
    }
    expect((await as('cashier').ask('GET', till('', BAKERY))).status).toBe(404);
  });

  it('a stranger is asked to sign in', async () => {
    expect((await app.browser().ask('GET', till())).status).toBe(401);
  });
});

describe('what the database holds to', () => {
  it('one request is one order, and a till order has its cashier', async () => {
    const order = await rungUp('50');
    const copy = (over: string): Promise<unknown> =>
      world.query(
        `insert into orders.counter_order (order_id, mchid, kind, request_key, staff_id, created_at)
         select o.id, k.mchid, k.kind, ${over}, now() from orders.counter_order k, orders.payment_order o
         where k.order_id = $1 and o.id not in (select order_id from orders.counter_order) limit 1`,
        [order.orderId],
      );
    await world.parts.openOrder.run(world.orderRequest());
    await expect(copy('k.request_key, k.staff_id')).rejects.toThrow(
      'counter_order_is_asked_for_once',
    );
    await expect(copy(`'other', null`)).rejects.toThrow('counter_order_knows_who_asked');
  });
});

describe('the day', () => {
  it('is that of Amsterdam, and adds up', async () => {
    // The clock's present day holds the other payments: this one is looked at from its own.
    const before = world.clock.now();
    world.clock.advance(Date.parse('2027-03-28T21:30:00Z') - before.getTime());
    people.set('cashier', await app.signedIn('cashier@example.eu'));
    await pay(await rungUp('1000'));
    world.clock.advance(20 * 60_000);
    await pay(await rungUp('234'));
    // Half past ten in the evening in UTC is the next day in Amsterdam's summer time, which began that night.
    world.clock.advance(10 * 60_000);
    await pay(await rungUp('5'));
    const day = async (text: string): Promise<CounterDay> =>
      toldDay(await as('cashier').ask('GET', till(`/days/${text}`)));
    const [sunday, monday] = [await day('2027-03-28'), await day('2027-03-29')];
    expect(sunday.totals).toEqual([
      { kind: 'till', count: 2, sumMinor: '1234', refundedMinor: '0' },
    ]);
    expect(sunday.payments.map(({ amountMinor }) => amountMinor)).toEqual(['234', '1000']);
    expect(monday.totals).toMatchObject([{ count: 1, sumMinor: '5' }]);
    expect(toldNow(await as('cashier').ask('GET', till())).today.day).toBe('2027-03-29');
  });
});
