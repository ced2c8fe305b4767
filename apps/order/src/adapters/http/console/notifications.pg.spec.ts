import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NotificationView, Page } from '@stuiver/console-api';
import type { Browser } from '@stuiver/testing';
import { MCHID, OrderWorld } from '../../../testing/order-world.js';
import { jsonOf, StaffApp } from '../../../testing/staff-app.js';

const BAKERY = '1900000002';
const ORDERS = 53;

let world: OrderWorld;
let app: StaffApp;
let cafe: Browser;
let bakery: Browser;
let finance: Browser;

/** As the sender leaves them: delivered, given up after two tries, and waiting; each of an order of its own. */
beforeAll(async () => {
  world = await OrderWorld.open();
  await world.query(
    `insert into orders.merchant (mchid, name, api_v3_key_sealed, created_at)
     values ($1, 'Bakkerij', '\\x00', now())`,
    [BAKERY],
  );
  app = await StaffApp.start(world);
  await app.newStaff({
    ...{ email: 'cafe@example.eu', name: 'Mira', roles: ['merchant'], merchants: [MCHID] },
  });
  await app.newStaff({
    ...{ email: 'bakery@example.eu', name: 'Bas', roles: ['merchant'], merchants: [BAKERY] },
  });
  await app.newStaff({ email: 'finance@example.eu', name: 'Femke', roles: ['finance'] });
  [cafe, bakery, finance] = [
    await app.signedIn('cafe@example.eu'),
    await app.signedIn('bakery@example.eu'),
    await app.signedIn('finance@example.eu'),
  ];
  for (let made = 0; made < ORDERS; made += 1) {
    const outTradeNo = `told-${String(made).padStart(4, '0')}`;
    await world.parts.openOrder.run({ ...world.orderRequest(), outTradeNo });
    await world.query(
      `insert into orders.notification (id, mchid, event_type, about, url, summary, original_type, content_sealed,
         created_at, next_try_at, delivered_at, exhausted_at, tries)
       select gen_random_uuid(), o.mchid, 'TRANSACTION.SUCCESS', o.id, 'https://cafe.example/notify', '', '', '\\x00',
         $2::timestamptz, case when $3 = 'waiting' then $2::timestamptz end, case when $3 = 'delivered' then $2::timestamptz end,
         case when $3 = 'exhausted' then $2::timestamptz end, 0
         from orders.payment_order o where o.out_trade_no = $1`,
      [outTradeNo, world.clock.now(), ['delivered', 'exhausted', 'waiting'][made % 3]],
    );
    world.clock.advance(10);
  }
  await world.query(
    `insert into orders.notification_try (notification_id, try_no, at, duration_ms, status, problem)
     select n.id, t.no, $1, 12, case t.no when 1 then 500 end, case t.no when 2 then 'no answer' end
       from orders.notification n, (values (1), (2)) as t (no) where n.exhausted_at is not null`,
    [world.clock.now()],
  );
}, 60_000);
afterAll(async () => {
  await app.close();
  await world.close();
});

const PATH = `/console/merchants/${MCHID}/notifications`;

async function listed(query: string, by = cafe): Promise<Page<NotificationView>> {
  return jsonOf(await by.ask('GET', `${PATH}${query}`)) as unknown as Page<NotificationView>;
}

async function replayed(by: Browser, id: string, mchid = MCHID) {
  const me = jsonOf(await by.ask('GET', '/staff/me'));
  const headers = { 'x-csrf-token': String(me['csrfToken']) };
  const path = `/console/merchants/${mchid}/notifications/${id}/replay`;
  return by.ask('POST', path, { json: {}, headers });
}

describe('what a merchant’s server was told', () => {
  it('is listed newest first, page by page, each once', async () => {
    const first = await listed('');
    expect(first.items).toHaveLength(50);
    const rest = await listed(`?before=${String(first.next)}`);
    expect([rest.items.length, rest.next]).toEqual([ORDERS - 50, null]);
    const numbers = [...first.items, ...rest.items].map(({ outTradeNo }) => outTradeNo);
    expect(numbers).toEqual([...numbers].sort().reverse());
    expect(new Set(numbers).size).toBe(ORDERS);
  });

  it('is found by how it went and by number, with each try, and never with its content', async () => {
    const given = await listed('?state=exhausted');
    expect(given.items.every(({ state }) => state === 'exhausted')).toBe(true);
    expect(given.items[0]?.tries).toMatchObject([
      { status: null, problem: 'no answer', durationMs: 12 },
      { status: 500, problem: null },
    ]);
    const [one, ...others] = (await listed('?q=told-0002')).items;
    expect([one?.state, one?.outTradeNo, others]).toEqual(['waiting', 'told-0002', []]);
    expect(JSON.stringify(given)).not.toContain('content');
    for (const wrong of ['?state=lost', '?before=1', '?q=']) {
      expect((await cafe.ask('GET', `${PATH}${wrong}`)).status).toBe(400);
    }
  });

  it('is nobody else’s', async () => {
    expect((await bakery.ask('GET', PATH)).status).toBe(404);
    expect((await finance.ask('GET', PATH)).status).toBe(200);
    const [one] = (await listed('')).items;
    const id = one?.notificationId ?? '';
    expect((await replayed(bakery, id)).status).toBe(404);
    expect((await replayed(bakery, id, BAKERY)).status).toBe(404);
    expect((await replayed(finance, id)).status).toBe(403);
    expect((await replayed(cafe, 'x')).status).toBe(404);
  });

  it('is told again when asked, whatever became of it, and that is on record', async () => {
    const [gone] = (await listed('?state=exhausted')).items;
    const id = gone?.notificationId ?? '';
    const again = jsonOf(await replayed(cafe, id)) as unknown as NotificationView;
    expect(again).toMatchObject({ notificationId: id, state: 'waiting' });
    expect(again.nextTryAt).not.toBeNull();
    const [entry] = await world.query<{ act: string; subject_id: string }>(
      `select act, subject_id from orders.audit_entry order by no desc limit 1`,
    );
    expect(entry).toEqual({ act: 'notification-replayed', subject_id: id });
  });
});
