import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Stripe from 'stripe';
import { eventually } from '@stuiver/testing';
import { type Listener, type Message, SandboxWorld } from './testing/sandbox-world.js';
import { Wire } from './testing/wire.js';

const PROMPT_MS_MAX = 1_000;
const SUCCEEDED = 'payment_intent.succeeded';

let world: SandboxWorld;
let wire: Wire;
let one: Listener;
let two: Listener;
beforeEach(async () => {
  world = await SandboxWorld.open(2);
  wire = new Wire(world);
  const [first, second] = world.listeners;
  if (first === undefined || second === undefined) throw new Error('there are two listeners');
  [one, two] = [first, second];
});
afterEach(() => world.close());

function typesAbout(listener: Listener, id: string): readonly string[] {
  const about = listener.messages.filter(({ event }) => event.data.object.id === id);
  return about.map(({ event }) => event.type).sort();
}

function idOf(message: Message | undefined): string | undefined {
  return message?.event.id;
}

async function met(fate: string): Promise<unknown> {
  return (await wire.get('/_test/webhooks/faults')).body[fate];
}

describe('webhooks', () => {
  it('are signed so that the official package takes them', async () => {
    const { rawBody, signature } = await world.told(await wire.paidIntent(), SUCCEEDED);
    const secret = 'whsec_of_the_test';
    const event = Stripe.webhooks.constructEvent(rawBody, signature, secret);
    expect(event.type).toBe(SUCCEEDED);
    expect(() => Stripe.webhooks.constructEvent(rawBody, signature, 'whsec_other')).toThrow();
  });

  it('tell every endpoint of everything, at once', async () => {
    const id = await wire.paidIntent();
    for (const listener of [one, two]) {
      await eventually('both are told', () => typesAbout(listener, id).length === 2, PROMPT_MS_MAX);
      expect(typesAbout(listener, id)).toEqual(['payment_intent.created', SUCCEEDED]);
    }
  });

  it('come again until they are taken, signed afresh, and then no more', async () => {
    one.status = 500;
    const id = await wire.paidIntent();
    const [first] = await eventually('the first try', () => {
      const tries = one.about(id, SUCCEEDED);
      return tries.length > 0 && tries;
    });
    one.status = 200;
    const second = await eventually('the second try', () => one.about(id, SUCCEEDED)[1]);
    expect(idOf(second)).toBe(idOf(first));
    expect(second.signature).not.toBe(first?.signature);
    const after = await wire.paidIntent();
    await world.told(after, SUCCEEDED);
    expect(one.about(id, SUCCEEDED)).toHaveLength(2);
  });

  it('reach one endpoint at once while another hangs', async () => {
    one.hangs = true;
    for (let count = 0; count < 15; count += 1) await wire.paidIntent();
    const last = await wire.paidIntent();
    await eventually('the other is told', () => two.about(last, SUCCEEDED)[0], PROMPT_MS_MAX);
    one.hangs = false;
  });

  it('that were not taken when the process ended are sent by the next one', async () => {
    one.status = 503;
    const id = await wire.paidIntent();
    await world.told(id, SUCCEEDED);
    one.status = 200;
    const before = one.about(id, SUCCEEDED).length;
    await world.restart();
    await eventually('it is told again', () => one.about(id, SUCCEEDED).length > before);
  });

  it('are kept while they are held, and sent when released', async () => {
    await world.behind('/_test/webhooks', { hold: true });
    const id = await wire.paidIntent();
    const events = await wire.get(`/v1/events?type=${SUCCEEDED}`);
    expect(events.body['data']).toHaveLength(1);
    expect(one.messages).toEqual([]);
    await world.behind('/_test/webhooks', { hold: false });
    await world.told(id, SUCCEEDED);
  });

  it('are lost, doubled or late as planned, and as always when the plan is taken back', async () => {
    await world.behind('/_test/webhooks/faults', { drop: 100 });
    const lost = await wire.paidIntent();
    const { body } = await wire.get('/v1/events');
    const events = (body['data'] as unknown[]).length;
    await eventually('nobody is told', async () => (await met('drop')) === 2 * events);
    await world.behind('/_test/webhooks/faults', { duplicate: 100 });
    const doubled = await wire.paidIntent();
    const twice = await eventually('it is told twice', () => {
      const told = one.about(doubled, SUCCEEDED);
      return told.length === 2 && told;
    });
    expect(idOf(twice[0])).toBe(idOf(twice[1]));
    await world.behind('/_test/webhooks/faults', { delay: 100, delay_seconds_max: 1 });
    const late = await wire.paidIntent();
    await eventually('it is put off', async () => Number(await met('delay')) > 0);
    await wire.send('DELETE', '/_test/webhooks/faults', {});
    await world.told(await wire.paidIntent(), SUCCEEDED);
    await world.told(late, SUCCEEDED);
    expect(one.about(lost, SUCCEEDED)).toEqual([]);
  });
});
