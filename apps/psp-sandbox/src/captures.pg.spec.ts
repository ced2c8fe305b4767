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

const HELD = 'amount=5000&currency=eur&capture_method=manual';

/** What the PSP holds, whether it may be paid out yet or not. */
async function balance(): Promise<number> {
  const { body } = await wire.get('/v1/balance');
  const sides = [body['available'], body['pending']] as { amount: number }[][];
  return sides.flat().reduce((sum, { amount }) => sum + amount, 0);
}

async function setAside(): Promise<Record<string, unknown>> {
  const paying = `${HELD}&confirm=true&payment_method=pm_card_visa`;
  const { status, body } = await wire.post('/v1/payment_intents', paying);
  expect(status).toBe(200);
  return body;
}

async function stateOf(id: unknown): Promise<Record<string, unknown>> {
  return (await wire.get(`/v1/payment_intents/${String(id)}`)).body;
}

describe('money that is set aside', () => {
  it('is not on the balance, and nothing of it can be given back', async () => {
    const before = await balance();
    const intent = await setAside();
    expect(intent).toMatchObject({
      ...{ status: 'requires_capture', amount_capturable: 5_000, amount_received: 0 },
    });
    expect(await balance()).toBe(before);
    const { body: charge } = await wire.get(`/v1/charges/${String(intent['latest_charge'])}`);
    expect(charge).toMatchObject({
      ...{ captured: false, amount_captured: 0, balance_transaction: null, paid: true },
    });
    const refund = await wire.post('/v1/refunds', `payment_intent=${String(intent['id'])}`);
    expect([refund.status, refund.body]).toMatchObject([
      400,
      { error: { code: 'charge_not_captured' } },
    ]);
  });

  it('is taken in part: that is what was received, and all that can be given back', async () => {
    const before = await balance();
    const { id } = await setAside();
    const path = `/v1/payment_intents/${String(id)}/capture`;
    const tooMuch = await wire.post(path, 'amount_to_capture=5001');
    expect([tooMuch.status, tooMuch.body]).toMatchObject([
      400,
      { error: { code: 'amount_too_large', param: 'amount_to_capture' } },
    ]);
    const { body } = await wire.post(path, 'amount_to_capture=3200');
    expect(body).toMatchObject({
      ...{ status: 'succeeded', amount: 5_000, amount_received: 3_200, amount_capturable: 0 },
    });
    const { body: transactions } = await wire.get('/v1/balance_transactions?limit=1');
    const [taken] = transactions['data'] as { amount: number; net: number }[];
    expect([taken?.amount, (await balance()) - before]).toEqual([3_200, taken?.net]);
    expect((await wire.post(path, '')).status).toBe(400);
    const give = (cents: number) =>
      wire.post('/v1/refunds', `payment_intent=${String(id)}&amount=${String(cents)}`);
    expect((await give(3_201)).status).toBe(400);
    expect((await give(3_200)).status).toBe(200);
    const { body: charge } = await wire.get(`/v1/charges/${String(body['latest_charge'])}`);
    expect(charge).toMatchObject({
      amount_captured: 3_200,
      amount_refunded: 3_200,
      refunded: true,
    });
  });

  it('is let go when it is cancelled, and by itself after a week', async () => {
    const before = await balance();
    const { id } = await setAside();
    const { body } = await wire.post(`/v1/payment_intents/${String(id)}/cancel`, '');
    expect(body).toMatchObject({ status: 'canceled', amount_capturable: 0 });
    const forgotten = await setAside();
    await wire.post('/bank/clock', JSON.stringify({ advance_days: 6 }));
    expect((await stateOf(forgotten['id']))['status']).toBe('requires_capture');
    await wire.post('/bank/clock', JSON.stringify({ advance_days: 3 }));
    expect(await stateOf(forgotten['id'])).toMatchObject({
      ...{ status: 'canceled', cancellation_reason: 'automatic', amount_capturable: 0 },
    });
    const late = await wire.post(`/v1/payment_intents/${String(forgotten['id'])}/capture`, '');
    expect(late.status).toBe(400);
    expect(await balance()).toBe(before);
  });

  it('is a card’s: a bank transfer comes or does not', async () => {
    const ideal = `${HELD}&allowed_payment_method_types[]=ideal`;
    expect((await wire.post('/v1/payment_intents', ideal)).status).toBe(400);
    const { body } = await wire.post('/v1/payment_intents', HELD);
    expect(body['payment_method_types']).toEqual(['card']);
  });
});
