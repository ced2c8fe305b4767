import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SandboxWorld } from './testing/sandbox-world.js';
import { Wire } from './testing/wire.js';

let world: SandboxWorld;
let wire: Wire;
beforeAll(async () => {
  world = await SandboxWorld.open();
  wire = new Wire(world);
});
afterAll(() => world.close());

async function atTheBank(description = 'Café & Zn'): Promise<{ id: string; page: string }> {
  const { body } = await wire.post(
    '/v1/payment_intents',
    'amount=1250&currency=eur&confirm=true&payment_method_data[type]=ideal' +
      `&description=${encodeURIComponent(description)}` +
      '&allowed_payment_method_types[0]=ideal&return_url=https%3A%2F%2Fshop.test%2Fback%3Fa%3D1',
  );
  const next = body['next_action'] as { redirect_to_url: { url: string } };
  return { id: String(body['id']), page: next.redirect_to_url.url };
}

function press(page: string, outcome: string): Promise<Response> {
  const body = new URLSearchParams({ outcome });
  return fetch(page, { method: 'POST', body, redirect: 'manual' });
}

async function textOf(page: string, language: string): Promise<string> {
  return (await fetch(page, { headers: { 'accept-language': language } })).text();
}

describe('the bank page', () => {
  it('shows payee and amount, in Dutch unless English is asked for', async () => {
    const { page } = await atTheBank();
    const dutch = await textOf(page, 'nl-NL,nl;q=0.9');
    expect(dutch).toContain('<html lang="nl">');
    expect(dutch).toContain('<h1>iDEAL | Wero</h1>');
    expect(dutch).toContain('Café &amp; Zn');
    expect(dutch).toMatch(/€\s12,50/);
    expect(dutch).toContain('Betaling goedkeuren');
    const english = await textOf(page, 'en-GB');
    expect(english).toContain('<html lang="en">');
    expect(english).toContain('€12.50');
    expect(english).toContain('Authorise');
  });

  it('lets no payee write on it', async () => {
    const { page } = await atTheBank('<script>alert(1)</script>');
    expect(await textOf(page, 'en')).not.toContain('<script>');
    const headers = (await fetch(page)).headers;
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it.each([
    ['authorise', 'succeeded', 'succeeded'],
    ['fail', 'failed', 'requires_payment_method'],
  ])('on %s sends the payer back with what became of it', async (outcome, said, status) => {
    const { id, page } = await atTheBank();
    const answer = await press(page, outcome);
    expect(answer.status).toBe(303);
    const back = new URL(answer.headers.get('location') ?? '');
    expect(back.origin + back.pathname).toBe('https://shop.test/back');
    expect(Object.fromEntries(back.searchParams)).toMatchObject({
      ...{ a: '1', payment_intent: id, redirect_status: said },
    });
    const { body } = await wire.get(`/v1/payment_intents/${id}`);
    expect(body['status']).toBe(status);
    expect(back.searchParams.get('payment_intent_client_secret')).toBe(body['client_secret']);
  });

  it('decides once: the second press leads back to the first answer', async () => {
    const { page } = await atTheBank();
    await press(page, 'authorise');
    const second = await press(page, 'fail');
    expect(second.headers.get('location')).toContain('redirect_status=succeeded');
    expect(await textOf(page, 'en')).toContain('This payment has ended already.');
  });

  it('takes no other answer and no other secret', async () => {
    const { id, page } = await atTheBank();
    expect((await press(page, 'maybe')).status).toBe(400);
    expect((await press(page.replace(/[^/]+$/, 'guess'), 'authorise')).status).toBe(404);
    const { body } = await wire.get(`/v1/payment_intents/${id}`);
    expect(body['status']).toBe('requires_action');
  });

  it('takes no money for a payment that was cancelled meanwhile', async () => {
    const { id, page } = await atTheBank();
    await wire.post(`/v1/payment_intents/${id}/cancel`, '');
    const answer = await press(page, 'authorise');
    expect(answer.headers.get('location')).toContain('redirect_status=failed');
    const { body } = await wire.get(`/v1/payment_intents/${id}`);
    expect(body['status']).toBe('canceled');
  });
});
