import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { STAFF_SESSION_MS } from '@stuiver/staff';
import { Browser, type Visit } from '@stuiver/testing';
import { MCHID, OrderWorld } from '../../../testing/order-world.js';
import { freePort, jsonOf, PASSWORD, signIn, StaffApp } from '../../../testing/staff-app.js';

let world: OrderWorld;
let app: StaffApp;
const opened: StaffApp[] = [];
const FEMKE = 'femke@example.eu';
const HOUR_MS = 3_600_000;
let femke: string;

beforeAll(async () => {
  world = await OrderWorld.open();
  app = await StaffApp.start(world);
  femke = await app.newStaff({ email: FEMKE, roles: ['finance'] });
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});
afterAll(async () => {
  await app.close();
  await world.close();
});

const ORDERS = `/console/merchants/${MCHID}/orders`;
const me = (browser: Browser): Promise<Visit> => browser.ask('GET', '/staff/me');
const change = (staffId: string, rights: object): Promise<Visit> =>
  app.operator('PUT', `/operator/staff/${staffId}`, {
    ...{ roles: ['finance'], merchants: [], disabled: false },
    ...rights,
  });

describe('a staff session', () => {
  it('lasts fifteen minutes by itself, and a day for who stays', async () => {
    const browser = await app.signedIn(FEMKE);
    const csrf = jsonOf(await me(browser))['csrfToken'];
    for (let hour = 0; hour < 11; hour += 1) {
      world.clock.advance(HOUR_MS - 60_000);
      expect((await browser.ask('GET', ORDERS)).status).toBe(401);
      const renewed = await browser.ask('POST', '/staff/session/renew');
      expect(renewed.status).toBe(200);
      expect(jsonOf(renewed)['csrfToken']).toBe(csrf);
      expect((await browser.ask('GET', ORDERS)).status).toBe(200);
    }
    world.clock.advance(HOUR_MS - 60_000);
    await me(browser);
    world.clock.advance(HOUR_MS / 2);
    expect((await me(browser)).status).toBe(401);
    expect(browser.cookie('stuiver-staff')).toBeUndefined();
    expect(browser.cookie('-renewal')).toBeUndefined();
  });

  it('is over after an hour without anybody', async () => {
    const browser = await app.signedIn(FEMKE);
    world.clock.advance(HOUR_MS + 1_000);
    expect((await browser.ask('POST', '/staff/session/renew')).status).toBe(401);
  });

  it('never outlives its sign-in by a cookie', async () => {
    const browser = await app.signedIn(FEMKE);
    for (let part = 0; part < 14; part += 1) {
      world.clock.advance(50 * 60_000);
      await me(browser);
    }
    world.clock.advance(16 * 60_000);
    const last = jsonOf(await me(browser));
    const left = Date.parse(String(last['expiresAt'])) - world.clock.now().getTime();
    expect(left).toBeLessThanOrEqual(4 * 60_000);
  });

  it('follows a change of role and a removal within minutes', async () => {
    const id = await app.newStaff({ email: 'jonas@example.eu', name: 'Jonas', roles: ['finance'] });
    const browser = await app.signedIn('jonas@example.eu');
    await change(id, { roles: ['operator'] });
    expect(jsonOf(await me(browser))['roles']).toEqual(['finance']);
    world.clock.advance(STAFF_SESSION_MS);
    expect(jsonOf(await me(browser))['roles']).toEqual(['operator']);

    const removed = await change(id, { roles: ['operator'], disabled: true });
    expect(jsonOf(removed)).toMatchObject({ staff_id: id, disabled: true });
    world.clock.advance(STAFF_SESSION_MS);
    expect((await browser.ask('POST', '/staff/session/renew')).status).toBe(401);
    const back = await signIn(app.browser(), { email: 'jonas@example.eu', password: PASSWORD });
    expect(back.status).toBe(403);
  });

  it('that was stolen is worth nothing after its owner signed out', async () => {
    const browser = await app.signedIn(FEMKE);
    const thief = app.browser();
    thief.takeCookiesOf(browser);
    const headers = { 'x-csrf-token': String(jsonOf(await me(browser))['csrfToken']) };
    await browser.ask('POST', '/staff/sign-out', { headers });
    expect((await thief.ask('POST', '/staff/session/renew')).status).toBe(401);
    world.clock.advance(STAFF_SESSION_MS + 30_000);
    expect((await thief.ask('GET', ORDERS)).status).toBe(401);
  });

  it('does nothing for another site', async () => {
    const browser = await app.signedIn(FEMKE);
    const csrf = String(jsonOf(await me(browser))['csrfToken']);
    const evil = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    const attempts: readonly (readonly [string, Record<string, string>])[] = [
      ['/staff/session/renew', evil],
      ['/staff/sign-out', { ...evil, 'x-csrf-token': csrf }],
      ['/staff/sign-out', {}],
      ['/staff/sign-out', { 'x-csrf-token': 'x'.repeat(43) }],
    ];
    for (const [path, headers] of attempts) {
      const forged = await browser.ask('POST', path, { headers });
      expect(jsonOf(forged)).toMatchObject({ code: 'NOT_OUR_PAGE' });
    }
    expect((await me(browser)).status).toBe(200);
  });

  it('of a password that was set anew is over everywhere', async () => {
    const browser = await app.signedIn(FEMKE);
    const { acceptInvitation, staff } = world.assemble().staff;
    const token = 'n'.repeat(43);
    await staff.run((writes) =>
      writes.replaceInvitations({
        tokenSha256: createHash('sha256').update(token).digest(),
        staffId: femke,
        createdAt: world.clock.now(),
        expiresAt: new Date(world.clock.now().getTime() + HOUR_MS),
      }),
    );
    await acceptInvitation.run({ token, password: PASSWORD });
    expect((await browser.ask('POST', '/staff/session/renew')).status).toBe(401);
  });
});

describe('what is over', () => {
  it('is forgotten, and what lives is not', async () => {
    const old = await app.signedIn(FEMKE);
    await app.browser().go('GET', '/staff/sign-in');
    await signIn(app.browser(), { email: FEMKE, password: 'not the right password' });
    world.clock.advance(24 * HOUR_MS + 60_000);
    const young = await app.signedIn(FEMKE);
    await world.assemble().staff.signIns.forgetOld();
    const [left] = await world.query(
      `select (select count(*)::int from orders.staff_session) as sessions,
         (select count(*)::int from orders.staff_try) as tries,
         (select count(*)::int from orders.oidc_record where expires_at < $1) as records`,
      [world.clock.now()],
    );
    expect(left).toEqual({ sessions: 1, tries: 0, records: 0 });
    expect((await me(old)).status).toBe(401);
    expect((await me(young)).status).toBe(200);
  });
});

describe('two replicas', () => {
  it('share every step of a sign-in and what comes of it', async () => {
    const port = await freePort();
    const publicUrl = `http://localhost:${String(port)}`;
    opened.push(await StaffApp.start(world, { port, publicUrl }));
    opened.push(await StaffApp.start(world, { publicUrl }));
    const turns = opened.map(({ address }) => address);
    expect(new Set(turns).size).toBe(2);
    let turn = 0;
    const browser = new Browser(publicUrl, () => {
      turn += 1;
      return turns[turn % 2] ?? '';
    });
    const end = await signIn(browser, { email: FEMKE, password: PASSWORD });
    expect(end.url.pathname).toBe('/sandbox/mail');
    for (let visits = 0; visits < 4; visits += 1) {
      expect((await browser.ask('GET', ORDERS)).status).toBe(200);
      expect((await browser.ask('POST', '/staff/session/renew')).status).toBe(200);
    }
  });

  it('count wrong passwords together', async () => {
    const port = await freePort();
    const publicUrl = `http://localhost:${String(port)}`;
    opened.push(await StaffApp.start(world, { port, publicUrl }));
    opened.push(await StaffApp.start(world, { publicUrl }));
    const statuses: number[] = [];
    for (let tries = 0; tries < 6; tries += 1) {
      const replica = opened[tries % 2];
      const end = await signIn(replica?.browser() ?? app.browser(), {
        email: 'counted@example.eu',
        password: 'not the right password',
      });
      statuses.push(end.status);
    }
    expect(statuses).toEqual([403, 403, 403, 403, 403, 429]);
  });
});

describe('https', () => {
  it('has cookies that only our own origin can set', async () => {
    const secure = await StaffApp.start(world, { publicUrl: 'https://pay.example' });
    opened.push(secure);
    const left = await secure.browser().ask('GET', '/staff/sign-in');
    expect(left.headers['set-cookie']?.[0]).toMatch(
      /^__Host-stuiver-staff-sign-in=.+; Path=\/; Max-Age=900; HttpOnly; SameSite=Lax; Secure$/,
    );
    expect(left.headers.location).toMatch(/^https:\/\/pay\.example\/oidc\/auth\?/);
    const asked = await secure.browser().ask('GET', String(left.headers.location));
    expect(asked.headers.location).toMatch(/^\/staff\/login\//);
    expect(asked.headers['set-cookie']?.join()).toMatch(/stuiver-oidc-login=.*secure/i);
  });
});
