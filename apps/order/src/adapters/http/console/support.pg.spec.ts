import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FoundOrder, Page, UnknownOutcome } from '@stuiver/console-api';
import type { Browser } from '@stuiver/testing';
import { MCHID, OrderWorld } from '../../../testing/order-world.js';
import { jsonOf, StaffApp } from '../../../testing/staff-app.js';

const DAY_MS = 86_400_000;

let world: OrderWorld;
let app: StaffApp;
let finance: Browser;
let cafe: Browser;
let attemptId: string;

/** Somebody left for the bank and has not come back. */
beforeAll(async () => {
  world = await OrderWorld.open();
  app = await StaffApp.start(world);
  await app.newStaff({ email: 'finance@example.eu', name: 'Femke', roles: ['finance'] });
  await app.newStaff({
    ...{ email: 'cafe@example.eu', name: 'Mira', roles: ['merchant'], merchants: [MCHID] },
  });
  finance = await app.signedIn('finance@example.eu');
  cafe = await app.signedIn('cafe@example.eu');
  const { userId } = await world.payer();
  ({ attemptId } = await world.sheet(userId, { outTradeNo: 'support-0001' }));
  await world.confirm(attemptId, userId, 'ideal');
}, 60_000);
afterAll(async () => {
  await app.close();
  await world.close();
});

async function found(query: string): Promise<readonly FoundOrder[]> {
  const answer = jsonOf(await finance.ask('GET', `/console/support/orders${query}`));
  return (answer as unknown as Page<FoundOrder>).items;
}

async function unknown(): Promise<readonly UnknownOutcome[]> {
  const { items } = jsonOf(await finance.ask('GET', '/console/support/unknown'));
  return items as readonly UnknownOutcome[];
}

async function ask(kind: string, id: string, by = finance) {
  const me = jsonOf(await by.ask('GET', '/staff/me'));
  const headers = { 'x-csrf-token': String(me['csrfToken']) };
  const path = `/console/support/unknown/${kind}/${id}/ask`;
  return by.ask('POST', path, { json: {}, headers });
}

describe('whoever helps', () => {
  it('finds any merchant’s order by each of its numbers, its amount and its day', async () => {
    const [order] = await found('?q=support-0001');
    expect(order).toMatchObject({ mchid: MCHID, merchantName: 'Café De Stuiver', state: 'NOTPAY' });
    const [item] = await unknown();
    const names = [order?.orderId, attemptId, item?.pspReference];
    for (const name of names) {
      const hits = await found(`?q=${encodeURIComponent(name ?? '?')}`);
      expect(hits.map(({ outTradeNo }) => outTradeNo)).toEqual(['support-0001']);
    }
    expect((await found('?q=10,00')).length).toBeGreaterThan(0);
    const today = world.clock.now().toISOString().slice(0, 10);
    expect((await found(`?from=${today}&to=${today}`)).length).toBeGreaterThan(0);
    expect(await found('?q=support-000')).toEqual([]);
    expect(await found('?to=2020-01-01')).toEqual([]);
  });

  it('sees what nobody knows the end of, and when it is asked about next', async () => {
    expect(await unknown()).toMatchObject([
      {
        ...{ kind: 'attempt', id: attemptId, state: 'redirected', method: 'ideal' },
        ...{ mchid: MCHID, outTradeNo: 'support-0001', amountMinor: '1000', isException: false },
      },
    ]);
    const [item] = await unknown();
    expect(item?.nextAskAt).not.toBeNull();
  });

  it('is finance or an operator, and asks about what there is', async () => {
    expect((await cafe.ask('GET', '/console/support/orders')).status).toBe(403);
    expect((await cafe.ask('GET', '/console/support/unknown')).status).toBe(403);
    expect((await ask('attempt', attemptId, cafe)).status).toBe(403);
    expect((await ask('payment', attemptId)).status).toBe(404);
    expect((await ask('attempt', 'x')).status).toBe(404);
    const nobodys = jsonOf(await ask('attempt', `att_${'0'.repeat(26)}`));
    expect(nobodys).toEqual({ item: null });
  });

  it('asks now, and knows at once what the PSP knows', async () => {
    const still = jsonOf(await ask('attempt', attemptId));
    expect(still['item']).toMatchObject({ id: attemptId, state: 'redirected' });
    world.psp.settle(attemptId, 'succeeded');
    expect(jsonOf(await ask('attempt', attemptId))).toEqual({ item: null });
    expect(jsonOf(await ask('attempt', attemptId))).toEqual({ item: null });
    expect(await unknown()).toEqual([]);
    expect((await found('?q=support-0001'))[0]?.state).toBe('SUCCESS');
    expect(world.booked('payment', attemptId)).toBe(1);
  });

  it('is told which are open for more than a day', async () => {
    const { userId } = await world.payer();
    const second = await world.sheet(userId, { outTradeNo: 'support-0002' });
    await world.confirm(second.attemptId, userId, 'ideal');
    world.clock.advance(DAY_MS + 1);
    finance = await app.signedIn('finance@example.eu');
    const [item] = await unknown();
    expect([item?.outTradeNo, item?.isException]).toEqual(['support-0002', true]);
  });
});
