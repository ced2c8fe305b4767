import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SystemClock } from '@stuiver/ports';
import { StripeConnect } from '@stuiver/psp-stripe';
import { KEY, SandboxWorld, SECRET } from './testing/sandbox-world.js';

const PAGE = 'https://host.test/merchant/1900000001/psp-account';
const MERCHANT = { merchantId: '1900000001', name: 'Café <De Stuiver>', idempotencyKey: 'first' };
let world: SandboxWorld;
let connect: StripeConnect;
let account: string;

beforeAll(async () => {
  world = await SandboxWorld.open();
  connect = new StripeConnect({
    ...{ secretKey: KEY, webhookSecret: SECRET, timeoutMs: 5_000, clock: new SystemClock() },
    apiBase: new URL(world.url),
  });
  account = await connect.open(MERCHANT);
});
afterAll(async () => {
  await world.close();
});

function newLink(): Promise<string> {
  return connect.setupLink({ account, returnUrl: PAGE, refreshUrl: `${PAGE}?again=1` });
}

function answer(link: string, iban: string): Promise<Response> {
  const body = new URLSearchParams({ iban });
  return fetch(link, { method: 'POST', body, redirect: 'manual' });
}

describe('where a merchant says how to be paid', () => {
  it('is a page of the PSP’s that shows whose account it is', async () => {
    expect(await connect.status(account)).toMatchObject({
      ...{ isPaidOut: false, missing: ['external_account'] },
    });
    const page = await (await fetch(await newLink())).text();
    expect(page).toContain('Café &lt;De Stuiver&gt;');
    expect(page).toContain('lang="nl"');
  });

  it('says what is wrong with an IBAN, and takes the right one once', async () => {
    const link = await newLink();
    const wrong = await answer(link, 'NL00ABNA0417164300');
    expect([wrong.status, await wrong.text()]).toEqual([
      400,
      expect.stringContaining('geen geldig IBAN'),
    ]);
    const right = await answer(link, 'nl91 abna 0417 1643 00');
    expect([right.status, right.headers.get('location')]).toEqual([303, PAGE]);
    expect(await connect.status(account)).toEqual({
      ...{ takesPayments: true, isPaidOut: true, missing: [] },
    });
    const again = await fetch(link, { redirect: 'manual' });
    expect([again.status, again.headers.get('location')]).toEqual([303, `${PAGE}?again=1`]);
  });

  it('opens to nobody who guesses', async () => {
    const link = await newLink();
    expect((await fetch(link.slice(0, -4))).status).toBe(404);
  });
});
