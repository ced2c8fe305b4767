import assert from 'node:assert/strict';
import { InvariantBroken } from '@stuiver/errors';
import type { StuiverEvent } from '@stuiver/contracts';
import {
  dropDeadLetter,
  listDeadLetters,
  type OpenLetter,
  replayDeadLetter,
} from '../dead-letter-desk.js';
import {
  bookEffect,
  type BusFact,
  type BusWorld,
  closedEvent,
  eventsOf,
  fresh,
  listen,
  outTradeNoOf,
  TOPIC,
  until,
  untilEffects,
} from './world.js';

export const POISON_FACTS: readonly BusFact[] = [
  {
    name: 'parks a subject behind what breaks an invariant, through a restart, until it is replayed in order',
    prove: parksAndReplays,
  },
  {
    name: 'parks a subject behind what cannot be read, and goes on without it when it is dropped',
    prove: dropsUnreadable,
  },
  {
    name: 'passes over a type that a newer sender says and this reader does not know',
    prove: passesOver,
  },
  { name: 'makes a parked event that breaks an invariant the next dead letter', prove: diesInTurn },
];

interface Reader {
  readonly consumer: string;
  readonly prefix: string;
}

/** Other facts' poison is on the topic too. */
async function ownLetters(
  letters: BusWorld['letters'],
  { consumer, prefix }: Reader,
): Promise<readonly OpenLetter[]> {
  const open = await listDeadLetters(letters);
  return open.filter((one) => one.consumer === consumer && one.subject.startsWith(prefix));
}

async function letterOf(
  { letters }: BusWorld,
  { consumer, prefix }: Reader,
  isIt: (letter: OpenLetter) => boolean = () => true,
): Promise<OpenLetter> {
  return until(`${consumer} has a dead letter`, async () =>
    (await ownLetters(letters, { consumer, prefix })).find(isIt),
  );
}

async function parksAndReplays(world: BusWorld): Promise<void> {
  const [prefix, consumer] = [fresh('parks'), fresh('strict')];
  const events = eventsOf(prefix, 4, 5);
  const poisoned = `${prefix}/2`;
  const poison = events.find(({ subject }) => subject === poisoned);
  assert.ok(poison !== undefined);
  let mended = false;
  const handle = (event: StuiverEvent): Promise<boolean> => {
    if (!mended && event.id === poison.id) throw new InvariantBroken('the fact has no place here');
    return bookEffect(world.database, consumer, event);
  };
  const first = listen(world.bus, { consumer, prefix }, async (event) => handle(event));
  await world.bus.publish(TOPIC, events);
  const others = events.filter(({ subject }) => subject !== poisoned);
  const letter = await letterOf(world, { consumer, prefix }, ({ parked }) => parked === 4);
  assert.match(letter.reason, /InvariantBroken: the fact has no place here/);
  assert.equal(letter.subject, poisoned);
  await untilEffects(world.database, consumer, others);
  await first.stop();

  const later = closedEvent(poisoned, '000005');
  await world.bus.publish(TOPIC, [later]);
  const restarted = await world.another();
  const second = listen(restarted, { consumer, prefix }, async (event) => handle(event));
  await letterOf(world, { consumer, prefix }, ({ parked }) => parked === 5);
  mended = true;
  assert.equal(await replayDeadLetter(world.letters, poisoned), 1);
  await untilEffects(world.database, consumer, [...events, later]);
  await untilSettled(world, { consumer, prefix });
  const free = closedEvent(poisoned, '000006');
  await world.bus.publish(TOPIC, [free]);
  await untilEffects(world.database, consumer, [...events, later, free]);
  await second.stop();
  await restarted.close();
}

async function dropsUnreadable(world: BusWorld): Promise<void> {
  const [prefix, consumer] = [fresh('drops'), fresh('reader')];
  const subject = `${prefix}/bad\0${'x'.repeat(9_000)}`.replace('\0', '-');
  const events = [...eventsOf(prefix, 2, 3)];
  const behind = [closedEvent(subject, '000001'), closedEvent(subject, '000002')];
  await world.slip(subject, '{"type":"order.closed.v1","half');
  await world.bus.publish(TOPIC, [...events, ...behind]);
  const subscription = listen(world.bus, { consumer, prefix }, (event) =>
    bookEffect(world.database, consumer, event),
  );
  const isIt = (letter: OpenLetter): boolean => letter.subject === subject;
  const { id, reason } = await letterOf(
    world,
    { consumer, prefix },
    (one) => isIt(one) && one.parked === 2,
  );
  assert.match(reason, /cannot be read: /);
  await untilEffects(world.database, consumer, events);
  assert.equal(await replayDeadLetter(world.letters, id), 1);
  await letterOf(
    world,
    { consumer, prefix },
    (one) => isIt(one) && one.decision === null && one.parked === 2,
  );
  assert.equal(await dropDeadLetter(world.letters, id), 1);
  await untilEffects(world.database, consumer, [...events, ...behind]);
  await subscription.stop();
}

async function passesOver(world: BusWorld): Promise<void> {
  const [prefix, consumer] = [fresh('newer'), fresh('reader')];
  const event = closedEvent(prefix, '000001');
  await world.slip(prefix, JSON.stringify({ ...event, type: 'order.split.v7', data: {} }));
  await world.bus.publish(TOPIC, [event]);
  const subscription = listen(world.bus, { consumer, prefix }, (heard) =>
    bookEffect(world.database, consumer, heard),
  );
  await untilEffects(world.database, consumer, [event]);
  await subscription.stop();
}

async function diesInTurn(world: BusWorld): Promise<void> {
  const [prefix, consumer] = [fresh('turn'), fresh('strict')];
  const events = eventsOf(prefix, 1, 4);
  const wrong = new Set(['000000', '000002']);
  const subscription = listen(world.bus, { consumer, prefix }, async (event) => {
    if (wrong.has(outTradeNoOf(event))) throw new InvariantBroken(outTradeNoOf(event));
    await bookEffect(world.database, consumer, event);
  });
  await world.bus.publish(TOPIC, events);
  const first = await letterOf(world, { consumer, prefix }, ({ parked }) => parked === 3);
  wrong.delete('000000');
  await replayDeadLetter(world.letters, first.id);
  const second = await letterOf(world, { consumer, prefix }, ({ id }) => id !== first.id);
  assert.equal(second.reason, 'InvariantBroken: 000002');
  assert.equal(second.parked, 1);
  wrong.delete('000002');
  await replayDeadLetter(world.letters, second.id);
  await untilEffects(world.database, consumer, events);
  await untilSettled(world, { consumer, prefix });
  await subscription.stop();
}

async function untilSettled({ letters }: BusWorld, reader: Reader): Promise<void> {
  await until('no letter is open', async () => (await ownLetters(letters, reader)).length === 0);
}
