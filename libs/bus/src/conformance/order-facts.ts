import assert from 'node:assert/strict';
import type { StuiverEvent } from '@stuiver/contracts';
import {
  bookEffect,
  type BusFact,
  type BusWorld,
  closedEvent,
  DEATHS,
  effectsOf,
  eventsOf,
  fresh,
  listen,
  numberText,
  publishUntilTaken,
  TOPIC,
  until,
  untilEffects,
} from './world.js';

export const ORDER_FACTS: readonly BusFact[] = [
  { name: 'has each effect once, however a consumer is killed', prove: survivesDeaths },
  {
    name: 'keeps order and effects while consumers join and leave in the middle of their work',
    prove: shares,
  },
  { name: 'loses nothing and keeps the order when the transport is away', prove: survivesOutage },
];

/** At once, and after others were handled and perhaps not committed. */
const DIES_AT = { 'before the effect': 1, 'inside its transaction': 7, 'after the effect': 12 };

/** Killed at each point; the deaths happen side by side, because a group needs time to notice one. */
async function survivesDeaths(world: BusWorld): Promise<void> {
  const prefix = fresh('deaths');
  const events = eventsOf(prefix, 4, 10);
  await world.bus.publish(TOPIC, events);
  await Promise.all(
    DEATHS.map(async (point) => {
      const consumer = fresh('mortal');
      await world.spawn({ consumer, prefix, dies: { at: DIES_AT[point], point } }).ended;
      const effects = Object.values(await effectsOf(world.database, consumer)).flat();
      assert.ok(effects.length < events.length, 'it died in the middle of its work');
      const survivor = world.spawn({ consumer, prefix });
      await untilEffects(world.database, consumer, events);
      await survivor.kill();
    }),
  );
}

async function shares(world: BusWorld): Promise<void> {
  const [prefix, consumer] = [fresh('shares'), fresh('team')];
  const each = 12;
  const events = eventsOf(prefix, 24, each);
  const hands = new Set<string>();
  const handle = (name: string) => async (event: StuiverEvent) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (await bookEffect(world.database, consumer, event)) hands.add(name);
  };
  const third = events.length / 3;
  await world.bus.publish(TOPIC, events.slice(0, third));
  const first = listen(world.bus, { consumer, prefix }, handle('first'));
  await until('the first is at work', () => hands.has('first'));
  const other = await world.another();
  const second = listen(other, { consumer, prefix }, handle('second'));
  await world.bus.publish(TOPIC, events.slice(third, 2 * third));
  await until('half is done', async () => {
    const effects = await effectsOf(world.database, consumer);
    return Object.values(effects).flat().length > events.length / 2;
  });
  const leaving = first.stop();
  await world.bus.publish(TOPIC, events.slice(2 * third));
  await leaving;
  await untilEffects(world.database, consumer, events);
  const last = closedEvent(`${prefix}/0`, numberText(each));
  await world.bus.publish(TOPIC, [last]);
  await untilEffects(world.database, consumer, [...events, last]);
  assert.ok(hands.has('second'), 'the second goes on where the first left');
  await second.stop();
  await other.close();
}

async function survivesOutage(world: BusWorld): Promise<void> {
  const [prefix, consumer] = [fresh('outage'), fresh('patient')];
  const events = eventsOf(prefix, 10, 30);
  const page = 25;
  const subscription = listen(world.bus, { consumer, prefix }, (event) =>
    bookEffect(world.database, consumer, event),
  );
  let next = 0;
  // As the relay does: the next page only when the last was taken, and the same one again when it was not.
  const publishing = (async () => {
    for (; next < events.length; next += page) {
      await publishUntilTaken(world.bus, events.slice(next, next + page), world.outageMs);
    }
  })();
  await until('some are sent', () => next >= page);
  await world.outage();
  await publishing;
  await untilEffects(world.database, consumer, events);
  await subscription.stop();
}
