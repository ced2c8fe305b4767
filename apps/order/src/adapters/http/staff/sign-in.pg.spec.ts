import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OrderWorld } from '../../../testing/order-world.js';
import { jsonOf, PASSWORD, signIn, StaffApp, tokenOf } from '../../../testing/staff-app.js';

let world: OrderWorld;
let app: StaffApp;
const FEMKE = 'femke@example.eu';
const MINUTE_MS = 60_000;

beforeAll(async () => {
  world = await OrderWorld.open();
  app = await StaffApp.start(world);
  await app.newStaff({ email: FEMKE, roles: ['finance'] });
});
afterAll(async () => {
  await app.close();
  await world.close();
});

describe('signing in here', () => {
  it('goes from a link to a password and back, and says who it is', async () => {
    const browser = app.browser();
    expect((await browser.ask('GET', '/staff/me')).status).toBe(401);
    const end = await signIn(browser, { email: ' Femke@Example.EU', password: PASSWORD });
    expect(end.status).toBe(200);
    expect(end.url.pathname).toBe('/sandbox/mail');
    expect(jsonOf(await browser.ask('GET', '/staff/me'))).toMatchObject({
      ...{ name: 'Femke', email: FEMKE, roles: ['finance'], merchants: [] },
      id: expect.stringMatching(/^stf_/),
      csrfToken: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(browser.cookie('stuiver-staff')?.attributes).toContain('HttpOnly; SameSite=Lax');
    expect(browser.cookie('-renewal')?.attributes).toContain('HttpOnly; SameSite=Strict');
    expect(browser.cookie('-sign-in')).toBeUndefined();
  });

  it('asks for the password again after signing out, whatever the provider remembers', async () => {
    const browser = await app.signedIn(FEMKE);
    const csrf = String(jsonOf(await browser.ask('GET', '/staff/me'))['csrfToken']);
    const headers = { 'x-csrf-token': csrf };
    expect((await browser.ask('POST', '/staff/sign-out', { headers })).status).toBe(204);
    expect((await browser.ask('GET', '/staff/me')).status).toBe(401);
    const form = await browser.go('GET', '/staff/sign-in');
    expect(form.url.pathname).toMatch(/^\/staff\/login\//);
    expect(form.text).toContain('name="password"');
  });

  it('leads to pages of ours only', async () => {
    const browser = app.browser();
    for (const evil of ['https://evil.example/', '//evil.example', '/\\evil.example', '/ ']) {
      const end = await signIn(browser, { email: FEMKE, password: PASSWORD }, evil);
      expect(end.url.origin).toBe(app.publicUrl);
      expect(end.url.pathname).toBe('/');
    }
  });

  it('brings people on another loopback name to the one that cookies are for', async () => {
    const headers = { host: new URL(app.address).host };
    const visit = await app.browser().ask('GET', '/staff/sign-in', { headers });
    expect(visit.headers.location).toBe(`${app.publicUrl}/staff/sign-in`);
  });

  it('shows a login page without scripts, in the language of its reader', async () => {
    const dutch = app.browser();
    const left = await dutch.ask('GET', '/staff/sign-in');
    const asked = await dutch.ask('GET', String(left.headers.location));
    const login = String(asked.headers.location);
    const form = await dutch.ask('GET', login, {
      headers: { 'accept-language': 'nl-BE,en;q=0.5' },
    });
    expect(form.text).toContain('<html lang="nl">');
    expect(form.text).toContain('Inloggen');
    expect(form.text).not.toContain('<script');
    expect(form.headers['content-security-policy']).toContain("default-src 'none'");
    expect(form.headers['content-security-policy']).toContain("frame-ancestors 'none'");
  });
});

describe('a sign-in that goes wrong', () => {
  it('is over when it began in another browser, or not at all', async () => {
    const [one, other] = [app.browser(), app.browser()];
    const form = await one.go('GET', '/staff/sign-in');
    const who = { email: FEMKE, password: PASSWORD };
    const stolen = await other.ask('POST', form.url.href, { form: who });
    expect(stolen.status).toBe(400);
    const resumed = await one.ask('POST', form.url.href, { form: who });
    const back = await one.ask('GET', String(resumed.headers.location));
    // The code is right, but this browser never left for it.
    const planted = await other.ask('GET', String(back.headers.location));
    expect(planted.status).toBe(400);
    expect(other.cookie('stuiver-staff')).toBeUndefined();
  });

  it('takes each code once, and no state but its own', async () => {
    const browser = app.browser();
    const form = await browser.go('GET', '/staff/sign-in');
    const who = { email: FEMKE, password: PASSWORD };
    const resumed = await browser.ask('POST', form.url.href, { form: who });
    const back = String(
      (await browser.ask('GET', String(resumed.headers.location))).headers.location,
    );
    const otherState = new URL(back);
    otherState.searchParams.set('state', 'x');
    const thief = app.browser();
    thief.takeCookiesOf(browser);
    expect((await thief.ask('GET', otherState.href)).status).toBe(400);
    expect((await browser.ask('GET', back)).status).toBe(303);
    thief.takeCookiesOf(browser);
    expect((await thief.ask('GET', back)).status).toBe(400);
  });

  it('is over after a quarter of an hour', async () => {
    const browser = app.browser();
    const form = await browser.go('GET', '/staff/sign-in');
    world.clock.advance(16 * MINUTE_MS);
    const late = await browser.ask('POST', form.url.href, {
      form: { email: FEMKE, password: PASSWORD },
    });
    expect(late.status).toBe(400);
    expect(late.text).toContain('start again');
  });

  it('does not take a form from another site', async () => {
    const browser = app.browser();
    const form = await browser.go('GET', '/staff/sign-in');
    const forged = await browser.ask('POST', form.url.href, {
      form: { email: FEMKE, password: PASSWORD },
      headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    });
    expect(jsonOf(forged)).toMatchObject({ code: 'NOT_OUR_PAGE' });
  });
});

describe('passwords', () => {
  const tryIt = async (email: string, password: string) =>
    signIn(app.browser(), { email, password });

  it('are looked at five times in a quarter of an hour, known address or not', async () => {
    const known = 'jonas@example.eu';
    await app.newStaff({ email: known, name: 'Jonas', roles: ['finance'] });
    for (const email of [known, 'nobody@example.eu']) {
      for (let tries = 0; tries < 5; tries += 1) {
        expect((await tryIt(email, 'not the right password')).status).toBe(403);
      }
      const sixth = await tryIt(email, PASSWORD);
      expect(sixth.status).toBe(429);
      expect(Number(sixth.headers['retry-after'])).toBeLessThanOrEqual(900);
    }
    world.clock.advance(16 * MINUTE_MS);
    expect((await tryIt(known, PASSWORD)).status).toBe(200);
  });

  it('are counted also when they come all at once', async () => {
    const email = 'many@example.eu';
    const visits = await Promise.all(
      Array.from({ length: 12 }, () => tryIt(email, 'not the right password')),
    );
    expect(visits.filter(({ status }) => status === 403)).toHaveLength(5);
    expect(visits.filter(({ status }) => status === 429)).toHaveLength(7);
  });

  it('are few from one network address, whoever is meant', async () => {
    const { checkPassword } = world.assemble().staff;
    const address = '203.0.113.9';
    const answers = await Promise.all(
      Array.from({ length: 51 }, (_, place) => {
        const email = `person${String(place)}@example.eu`;
        return checkPassword.run({ email, password: 'x', address });
      }),
    );
    expect(answers.filter(({ kind }) => kind === 'wait')).toHaveLength(1);
  });

  it('are set once by a link, long enough, and are kept as a salted hash', async () => {
    const person = { email: 'noor@example.eu', name: 'Noor', roles: ['operator'], merchants: [] };
    const first = jsonOf(await app.operator('POST', '/operator/staff', person));
    const again = jsonOf(await app.operator('POST', '/operator/staff', person));
    expect(again['staff_id']).toBe(first['staff_id']);
    const browser = app.browser();
    const replaced = await browser.ask('GET', String(first['invitation_url']));
    expect(replaced.status).toBe(404);
    const page = await browser.ask('GET', String(again['invitation_url']));
    expect(page.text).toContain('Noor (noor@example.eu)');
    const token = tokenOf(String(again['invitation_url']));
    const post = (password: string) =>
      browser.ask('POST', '/staff/invitation', { form: { token, password } });
    expect((await post('short')).status).toBe(400);
    expect((await post('noor@example.eu')).status).toBe(400);
    expect((await post(PASSWORD)).status).toBe(303);
    expect((await post('another long password')).status).toBe(404);
    const rows = await world.query<{ bytes: number }>(
      `select length(password_hash) as bytes from orders.staff
       where email = 'noor@example.eu' and position($1::bytea in password_hash) = 0`,
      [Buffer.from(PASSWORD)],
    );
    expect(rows).toEqual([{ bytes: 32 }]);
  });
});
