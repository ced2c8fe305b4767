import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from '../../../testing/browser.js';
import { OrderWorld } from '../../../testing/order-world.js';
import { jsonOf, PASSWORD, signIn, StaffApp } from '../../../testing/staff-app.js';

let world: OrderWorld;
let app: StaffApp;
const FEMKE = 'femke@example.eu';

beforeAll(async () => {
  world = await OrderWorld.open();
  app = await StaffApp.start(world);
  await app.newStaff({ email: FEMKE, roles: ['finance'] });
});
afterAll(async () => {
  await app.close();
  await world.close();
});

async function csrfOf(browser: Browser): Promise<string> {
  return String(jsonOf(await browser.ask('GET', '/staff/me'))['csrfToken']);
}

describe('signing in here', () => {
  it('goes from a link to a password and back, and says who it is', async () => {
    const browser = app.browser();
    expect((await browser.ask('GET', '/staff/me')).status).toBe(401);
    const end = await signIn(browser, { email: ' Femke@Example.EU', password: PASSWORD });
    expect(end.status).toBe(200);
    expect(end.url.pathname).toBe('/sandbox/mail');
    const me = await browser.ask('GET', '/staff/me');
    expect(jsonOf(me)).toMatchObject({
      ...{ name: 'Femke', email: FEMKE, roles: ['finance'], merchants: [] },
      id: expect.stringMatching(/^stf_/),
      csrfToken: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(browser.cookie('stuiver-staff')?.attributes).toContain('HttpOnly; SameSite=Lax');
    expect(browser.cookie('-renewal')?.attributes).toContain('HttpOnly; SameSite=Strict');
    void csrfOf;
  });
});
