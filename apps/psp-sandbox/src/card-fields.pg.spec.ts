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

const RETURN = 'https%3A%2F%2Fshop.test%2Fback';

async function opened(): Promise<{ id: string; secret: string }> {
  const { body } = await wire.post(
    '/v1/payment_intents',
    'amount=1250&currency=eur&allowed_payment_method_types[0]=card',
  );
  return { id: String(body['id']), secret: String(body['client_secret']) };
}

async function fromBrowser(path: string, form: string): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(world.url + path, {
    method: 'POST',
    headers: {
      authorization: 'Bearer pk_test_stuiver',
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: form,
  });
  return { status: answer.status, body: await answer.json() };
}

describe('a browser with a publishable key', () => {
  it('gives a payment its card when it knows the payment’s secret', async () => {
    const { id, secret } = await opened();
    const { status, body } = await fromBrowser(
      `/v1/payment_intents/${id}/confirm`,
      `payment_method=pm_card_visa&client_secret=${secret}&return_url=${RETURN}`,
    );
    expect({ status, body }).toMatchObject({ status: 200, body: { id, status: 'succeeded' } });
  });

  it.each(['', 'client_secret=pi_other_secret_1&'])(
    'is refused without that secret (%s)',
    async (secret) => {
      const { id } = await opened();
      const answer = await fromBrowser(
        `/v1/payment_intents/${id}/confirm`,
        `${secret}payment_method=pm_card_visa&return_url=${RETURN}`,
      );
      expect(answer).toMatchObject({ status: 400, body: { error: { param: 'client_secret' } } });
    },
  );

  it.each(['/v1/payment_intents', '/v1/refunds', '/v1/payment_intents/pi_1/cancel'])(
    'may do nothing else: %s',
    async (path) => {
      expect((await fromBrowser(path, 'amount=100&currency=eur')).status).toBe(401);
    },
  );

  it('hears from a declined card in the words of Stripe', async () => {
    const { id, secret } = await opened();
    const answer = await fromBrowser(
      `/v1/payment_intents/${id}/confirm`,
      `payment_method=pm_card_chargeDeclined&client_secret=${secret}&return_url=${RETURN}`,
    );
    expect(answer).toMatchObject({
      status: 402,
      body: { error: { type: 'card_error', code: 'card_declined' } },
    });
  });
});

describe('the fields', () => {
  it('are a page that may speak to its own origin only, and a script for pages that load it', async () => {
    const page = await fetch(`${world.url}/v3/fields?locale=en`);
    expect(await page.text()).toContain('Card number');
    expect(page.headers.get('content-security-policy')).toContain("connect-src 'self'");
    const script = await fetch(`${world.url}/v3/stripe.js`);
    expect(script.headers.get('content-type')).toContain('text/javascript');
    expect(await script.text()).toContain('confirmPayment');
  });
});
