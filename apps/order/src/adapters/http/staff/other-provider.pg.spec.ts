import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@stuiver/testing';
import type { Visit } from '@stuiver/testing';
import { MCHID, OrderWorld } from '../../../testing/order-world.js';
import { OtherProvider } from '../../../testing/other-provider.js';
import { freePort, jsonOf, StaffApp } from '../../../testing/staff-app.js';

let world: OrderWorld;
let app: StaffApp;
let provider: OtherProvider;
let staffId: string;

const FEMKE = { name: 'Femke', email: 'Femke@Organisation.example', email_verified: true };
const BODY = {
  name: 'Femke',
  email: 'femke@organisation.example',
  roles: ['finance'],
  merchants: [],
};

beforeAll(async () => {
  world = await OrderWorld.open();
  const port = await freePort();
  provider = await OtherProvider.start(`http://localhost:${String(port)}/staff/callback`);
  app = await StaffApp.start(world, { port, oidc: provider.options });
  staffId = String(jsonOf(await app.operator('POST', '/operator/staff', BODY))['staff_id']);
});
beforeEach(() => {
  provider.person = FEMKE;
  provider.isDead = false;
});
afterAll(async () => {
  await app.close();
  await provider.close();
  await world.close();
});

const visit = (browser = app.browser()): Promise<Visit> =>
  browser.go('GET', '/staff/sign-in?return_to=/sandbox/mail');

describe("an OpenID provider of the host's own", () => {
  it('says who it is, by an e-mail address that it has verified', async () => {
    const browser = app.browser();
    expect((await visit(browser)).url.pathname).toBe('/sandbox/mail');
    expect(jsonOf(await browser.ask('GET', '/staff/me'))).toMatchObject({
      ...{ id: staffId, email: BODY.email, roles: ['finance'] },
    });
    expect((await browser.ask('GET', `/console/merchants/${MCHID}/orders`)).status).toBe(200);
  });

  it('gets no password of ours: the mail leads to its page, and ours are not there', async () => {
    const mail = await eventually('the mail is sent', async () => {
      const [first] = await world.assemble().staff.mails.sent(1);
      return first;
    });
    expect(mail.to).toBe(BODY.email);
    expect(mail.text).toContain(`${app.publicUrl}/staff/sign-in`);
    expect(mail.text).not.toContain('token=');
    expect((await app.browser().ask('GET', '/oidc/auth')).status).toBe(404);
    expect((await app.browser().ask('GET', '/staff/login/x')).status).toBe(404);
  });

  it('may know people whom we do not: they are told what to do', async () => {
    provider.person = { ...FEMKE, email: '<b>new@organisation.example' };
    const browser = app.browser();
    const end = await visit(browser);
    expect(end.status).toBe(403);
    expect(end.text).toContain('You have no access');
    expect(end.text).toContain('&lt;b&gt;new@organisation.example');
    expect(browser.cookie('stuiver-staff')).toBeUndefined();
  });

  it.each([
    ['unverified', { ...FEMKE, email_verified: false }],
    ['of unknown standing', { name: 'Femke', email: FEMKE.email }],
    ['missing', { name: 'Femke' }],
  ])('is not believed when the address is %s', async (_how, person) => {
    provider.person = person;
    const end = await visit();
    expect(end.status).toBe(403);
    expect(end.text).toContain('did not confirm');
  });

  it('keeps out whom we removed', async () => {
    const person = { ...BODY, name: 'Jonas', email: 'jonas@organisation.example' };
    const invited = jsonOf(await app.operator('POST', '/operator/staff', person));
    provider.person = { ...FEMKE, email: person.email };
    expect((await visit()).status).toBe(200);
    const rights = { roles: ['finance'], merchants: [], disabled: true };
    await app.operator('PUT', `/operator/staff/${String(invited['staff_id'])}`, rights);
    expect((await visit()).status).toBe(403);
  });

  it('may say no', async () => {
    provider.person = null;
    const end = await visit();
    expect(end.status).toBe(403);
    expect(end.text).toContain('You are not signed in');
  });

  it('may be away: we say so, and go on when it is back', async () => {
    const port = await freePort();
    const other = await OtherProvider.start(`http://localhost:${String(port)}/staff/callback`);
    const lonely = await StaffApp.start(world, { port, oidc: other.options });
    other.person = FEMKE;
    other.isDead = true;
    const away = await lonely.browser().ask('GET', '/staff/sign-in');
    expect(away.status).toBe(502);
    expect(away.text).toContain('does not answer');
    other.isDead = false;
    expect((await visit(lonely.browser())).status).toBe(200);
    await lonely.close();
    await other.close();
  });
});
