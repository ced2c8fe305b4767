import assert from 'node:assert/strict';
import type { StuiverEvent } from '@stuiver/contracts';
import { currentTrace } from '@stuiver/ports';
import { ORDER_FACTS } from './order-facts.js';
import { POISON_FACTS } from './poison-facts.js';
import {
  bookEffect,
  type BusFact,
  type BusWorld,
  closedEvent,
  eventsOf,
  fresh,
  listen,
  numberText,
  TOPIC,
  until,
  untilEffects,
} from './world.js';

/**
 * What every transport must do, without a word of any test framework:
 * `it.each([...BUS_FACTS])('$name', ({ prove }) => prove(world))`.
 */
export const BUS_FACTS: readonly BusFact[] = [
  { name: 'brings every event to every consumer, in order per subject', prove: bringsAll },
  {
    name: 'brings an event again after its handler failed, and its later ones after it',
    prove: waits,
  },
  { name: 'has no effect twice when an event is published twice', prove: publishesTwice },
  { name: 'carries the trace under which an event was said', prove: carriesTrace },
  {
    name: 'refuses an event over 1 MB at the sender, and takes many that are larger together',
    prove: refusesLarge,
  },
  { name: 'refuses an event that breaks its contract at the sender', prove: refusesBroken },
  { name: 'tells how far a consumer is behind, and since when', prove: tellsLag },
  ...POISON_FACTS,
  ...ORDER_FACTS,
];

async function bringsAll({ bus, database }: BusWorld): Promise<void> {
  const prefix = fresh('all');
  const events = eventsOf(prefix, 20, 15);
  const consumers = [fresh('one'), fresh('two')];
  const subscriptions = consumers.map((consumer) =>
    listen(bus, { consumer, prefix }, (event) => bookEffect(database, consumer, event)),
  );
  for (let from = 0; from < events.length; from += 50)
    await bus.publish(TOPIC, events.slice(from, from + 50));
  for (const consumer of consumers) await untilEffects(database, consumer, events);
  await Promise.all(subscriptions.map((subscription) => subscription.stop()));
}

async function waits({ bus, database }: BusWorld): Promise<void> {
  const [prefix, consumer] = [fresh('waits'), fresh('picky')];
  const events = eventsOf(prefix, 10, 5);
  const stuck = `${prefix}/3`;
  let ready = false;
  let tries = 0;
  const subscription = listen(bus, { consumer, prefix }, (event) => {
    if (!ready && event.subject === stuck) {
      tries += 1;
      return Promise.reject(new Error('not yet'));
    }
    return bookEffect(database, consumer, event);
  });
  await bus.publish(TOPIC, events);
  const others = events.filter(({ subject }) => subject !== stuck);
  await untilEffects(database, consumer, others);
  await until('it is tried again', () => tries >= 3);
  ready = true;
  await untilEffects(database, consumer, events);
  await subscription.stop();
}

async function publishesTwice({ bus, database }: BusWorld): Promise<void> {
  const [prefix, consumer] = [fresh('twice'), fresh('reader')];
  const events = eventsOf(prefix, 3, 3);
  const subscription = listen(bus, { consumer, prefix }, (event) =>
    bookEffect(database, consumer, event),
  );
  await bus.publish(TOPIC, events);
  await bus.publish(TOPIC, events);
  const last = closedEvent(`${prefix}/0`, numberText(3));
  await bus.publish(TOPIC, [last]);
  await untilEffects(database, consumer, [...events, last]);
  await subscription.stop();
}

async function carriesTrace({ bus }: BusWorld): Promise<void> {
  const [prefix, consumer] = [fresh('trace'), fresh('reader')];
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const [traced, plain] = eventsOf(prefix, 2, 1);
  assert.ok(traced !== undefined && plain !== undefined);
  const heard = new Map<string, string | undefined>();
  const subscription = listen(bus, { consumer, prefix }, (event) => {
    heard.set(event.id, currentTrace()?.traceparent);
    return Promise.resolve();
  });
  await bus.publish(TOPIC, [traced, plain], new Map([[traced.id, traceparent]]));
  await until('both are heard', () => heard.size === 2);
  await subscription.stop();
  assert.deepEqual(
    heard,
    new Map([
      [traced.id, traceparent],
      [plain.id, undefined],
    ]),
  );
}

async function refusesLarge({ bus, database }: BusWorld): Promise<void> {
  const [prefix, consumer] = [fresh('large'), fresh('reader')];
  const large = closedEvent(prefix, 'x'.repeat(1_000_000));
  await assert.rejects(bus.publish(TOPIC, [large]), (error: Error) => {
    assert.equal(error.name, 'EventTooLarge');
    assert.match(error.message, new RegExp(`${large.id} has 1000\\d{3} bytes`));
    return true;
  });
  const events = ['a', 'b', 'c', 'd'].map((letter) => closedEvent(prefix, letter.repeat(400_000)));
  const subscription = listen(bus, { consumer, prefix }, (event) =>
    bookEffect(database, consumer, event),
  );
  await bus.publish(TOPIC, events);
  await untilEffects(database, consumer, events);
  await subscription.stop();
}

async function refusesBroken({ bus }: BusWorld): Promise<void> {
  const broken = { ...closedEvent(fresh('broken'), 'x'), type: 'order.vanished.v1' };
  await assert.rejects(bus.publish(TOPIC, [broken as unknown as StuiverEvent]), {
    name: 'ZodError',
  });
}

async function tellsLag({ bus }: BusWorld): Promise<void> {
  const [prefix, consumer] = [fresh('lag'), fresh('slow')];
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  let heard = 0;
  const lagOf = async () => (await bus.lag()).find((lag) => lag.consumer === consumer);
  const subscription = listen(bus, { consumer, prefix }, async () => {
    heard += 1;
    if (heard > 1) await gate;
  });
  await bus.publish(TOPIC, eventsOf(prefix, 1, 1));
  await until('it is up to date', async () => {
    const lag = await lagOf();
    return lag?.messages === 0 && lag.oldestAgeMs === 0;
  });
  await bus.publish(TOPIC, eventsOf(prefix, 1, 7));
  await until('it is seven behind, for a second', async () => {
    const lag = await lagOf();
    return lag?.messages === 7 && lag.oldestAgeMs > 1_000 && lag.oldestAgeMs < 60_000;
  });
  open();
  await until('it is up to date again', async () => (await lagOf())?.messages === 0);
  await subscription.stop();
}
