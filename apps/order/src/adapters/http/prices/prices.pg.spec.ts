import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PriceList, PriceVersion } from '@stuiver/console-api';
import type { Browser, Visit } from '@stuiver/testing';
import { MCHID, OrderWorld } from '../../../testing/order-world.js';
import { jsonOf, StaffApp } from '../../../testing/staff-app.js';

type Json = Record<string, unknown>;

const HOUR_MS = 3_600_000;
const LINE = {
  ...{ method: 'default', basisPoints: '140', fixedMinor: '25', minimumMinor: '0', capMinor: null },
  vat: { reason: 'exempt', percent: '0' },
};
const PEOPLE = [
  { who: 'cafe', roles: ['merchant'], merchants: [MCHID] },
  { who: 'bakery', roles: ['merchant'], merchants: ['1900000002'] },
  { who: 'finance', roles: ['finance'], merchants: [] },
  { who: 'second', roles: ['finance'], merchants: [] },
  { who: 'operator', roles: ['operator'], merchants: [] },
] as const;

let world: OrderWorld;
let app: StaffApp;
const people = new Map<string, Browser>();

beforeAll(async () => {
  world = await OrderWorld.open();
  await world.query(
    `insert into orders.merchant (mchid, name, api_v3_key_sealed, created_at)
     values ('1900000002', 'Bakkerij', '\\x00', now())`,
  );
  app = await StaffApp.start(world);
  for (const { who, roles, merchants } of PEOPLE) {
    const email = `${who}@example.eu`;
    await app.newStaff({ email, name: who, roles, merchants });
    people.set(who, await app.signedIn(email));
  }
}, 60_000);
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
  const headers = { 'x-csrf-token': String(me['csrfToken']) };
  return as(who).ask('POST', path, { json, headers });
}

const soon = (): string => new Date(world.clock.now().getTime() + HOUR_MS).toISOString();
const prices = (over: Json = {}): Json => ({
  ...{ validFrom: soon(), onRefund: 'kept', lines: [LINE] },
  ...over,
});
const factsOf = (visit: Visit): Json => (jsonOf(visit)['facts'] ?? {}) as Json;

describe('price lists in the console', () => {
  it('are proposed by one, approved by another, and shown to their merchant with each fee', async () => {
    const told = await as('cafe').ask('GET', `/console/merchants/${MCHID}/prices`);
    expect(jsonOf(told)).toMatchObject({
      now: { validFrom: null, lines: [{ basisPoints: '140', fixedMinor: '5' }] },
      coming: [],
    });
    const lines = [LINE, { ...LINE, method: 'wallet', fixedMinor: '10' }];
    const proposed = await post('finance', `/console/prices/${MCHID}/versions`, prices({ lines }));
    const version = jsonOf(proposed) as unknown as PriceVersion;
    expect(version).toMatchObject({ state: 'proposed', maker: 'finance', isMine: true });
    const decide = `/console/prices/versions/${version.versionId}`;
    expect((await post('finance', `${decide}/approve`)).status).toBe(403);
    expect((await post('operator', `${decide}/approve`)).status).toBe(403);
    const waiting = jsonOf(await as('second').ask('GET', '/console/prices'));
    expect(waiting).toMatchObject({ proposed: [{ versionId: version.versionId, isMine: false }] });
    const approved = jsonOf(await post('second', `${decide}/approve`));
    expect(approved).toMatchObject({ state: 'approved', checker: 'second' });

    const before = await as('cafe').ask('GET', `/console/merchants/${MCHID}/prices`);
    expect(jsonOf(before)).toMatchObject({ coming: [{ validFrom: version.validFrom }] });
    world.clock.advance(HOUR_MS);
    people.set('cafe', await app.signedIn('cafe@example.eu'));
    const { userId } = await world.payer();
    const sheet = await world.sheet(userId);
    await world.confirm(sheet.attemptId, userId, 'wallet');
    const order = await as('cafe').ask(
      'GET',
      `/console/merchants/${MCHID}/orders/${sheet.orderId}`,
    );
    expect(jsonOf(order)).toMatchObject({
      feeMinor: '24',
      feeExplained: {
        ...{ vatMinor: '0', list: MCHID, validFrom: version.validFrom },
        line: { method: 'wallet', basisPoints: '140', fixedMinor: '10' },
      },
    });
  });

  it('are on record, with who did it', async () => {
    const acts = await world.query<{ act: string; actor: string; subject: string }>(
      `select e.act, s.name as actor, e.subject_kind as subject
       from orders.audit_entry e join orders.staff s on s.id = e.actor_id
       where e.act like 'prices-%' order by e.no`,
    );
    expect(acts).toEqual([
      { act: 'prices-proposed', actor: 'finance', subject: 'prices' },
      { act: 'prices-approved', actor: 'second', subject: 'prices' },
    ]);
  });

  it('are for finance and operators, and a merchant’s prices for its own people', async () => {
    people.set('bakery', await app.signedIn('bakery@example.eu'));
    expect((await as('cafe').ask('GET', '/console/prices')).status).toBe(403);
    expect((await as('cafe').ask('GET', '/console/prices/standard')).status).toBe(403);
    expect((await post('cafe', `/console/prices/${MCHID}/versions`, prices())).status).toBe(403);
    const strange = await as('bakery').ask('GET', `/console/merchants/${MCHID}/prices`);
    expect(strange.status).toBe(404);
  });
});

describe('price lists on the command line', () => {
  const operator = (method: string, path: string, json?: unknown): Promise<Visit> =>
    app.operator(method, `/operator/price-lists/${path}`, json);

  it('are set by two names and shown again', async () => {
    const proposed = await operator('POST', 'standard/versions', { ...prices(), maker: 'Anna' });
    const { versionId } = jsonOf(proposed) as unknown as PriceVersion;
    const decide = (verb: string, checker: string) =>
      operator('POST', `versions/${versionId}/${verb}`, { checker });
    expect(jsonOf(await decide('approve', 'ANNA'))).toMatchObject({ code: 'SAME_PERSON' });
    expect(jsonOf(await decide('approve', 'Ben'))).toMatchObject({ state: 'approved' });
    world.clock.advance(HOUR_MS);
    const list = jsonOf(await operator('GET', 'standard')) as unknown as PriceList;
    expect(list).toMatchObject({ inForce: versionId, versions: [{ maker: 'Anna' }] });
  });

  it.each([
    ['validFrom', { validFrom: '2026-12-01' }],
    ['validFrom', { validFrom: '2020-01-01T00:00:00Z' }],
    ['onRefund', { onRefund: 'returned' }],
    ['onRefund', { onRefund: 'half' }],
    ['lines', { lines: [] }],
    ['lines', { lines: [{ ...LINE, method: 'card' }] }],
    ['lines[0].basisPoints', { lines: [{ ...LINE, basisPoints: '1,4' }] }],
    ['lines[0].fixedMinor', { lines: [{ ...LINE, fixedMinor: 25 }] }],
    ['lines[0].capMinor', { lines: [{ ...LINE, minimumMinor: '9', capMinor: '8' }] }],
    ['lines[0].vat.reason', { lines: [{ ...LINE, vat: { reason: 'none', percent: '0' } }] }],
    ['lines[0].vat.percent', { lines: [{ ...LINE, vat: { reason: 'exempt', percent: '21' } }] }],
    ['lines[1].method', { lines: [LINE, LINE] }],
    ['maker', { maker: ' Anna' }],
    ['minimum', { minimum: 1 }],
  ])('name the field %s', async (field, over) => {
    const body = { ...prices(), maker: 'Anna', ...over };
    const refused = await operator('POST', 'standard/versions', body);
    expect([refused.status, factsOf(refused)['field']]).toEqual([400, field]);
  });

  it('refuse a list and a version that are not there', async () => {
    expect((await operator('GET', '1900000099')).status).toBe(404);
    expect((await operator('GET', 'other')).status).toBe(400);
    const none = `versions/prl_${'0'.repeat(26)}/approve`;
    expect((await operator('POST', none, { checker: 'Ben' })).status).toBe(404);
  });
});
