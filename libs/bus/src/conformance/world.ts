import assert from 'node:assert/strict';
import type { Pool } from 'pg';
import type { EventType, StuiverEvent, Topic } from '@stuiver/contracts';
import { newUuid } from '@stuiver/ids';
import { SystemClock, SystemRandom } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import type { BusLag, EventBus, Subscription } from '../event-bus.js';
import { isFirstTime } from '../inbox.js';

export const TOPIC = 'stuiver.order' satisfies Topic;
const TYPES: readonly EventType[] = ['order.closed.v1'];
const FACT_MS_MAX = 90_000;
const POLL_MS = 50;

/** Where a process of its own dies while it handles: the line before `point`'s event has any effect, and so on. */
export const DEATHS = ['before the effect', 'inside its transaction', 'after the effect'] as const;
export type Death = (typeof DEATHS)[number];

export interface ChildOptions {
  readonly consumer: string;
  /** Other subjects on the topic belong to other facts. */
  readonly prefix: string;
  /** Dies by SIGKILL when it handles this many-th event, at this point. */
  readonly dies?: { readonly at: number; readonly point: Death };
}

/** A consumer in a process of its own. */
export interface ChildProcess {
  /** Resolves when it is gone. */
  readonly ended: Promise<void>;
  kill(): Promise<void>;
}

/** A transport together with what a test needs to do behind its back. */
export interface BusWorld {
  readonly bus: EventBus & BusLag;
  /** Where effects are booked (`makeEffects`), and `orders.inbox`. */
  readonly database: Database;
  /** The schema `bus`: the desk of the dead letters. */
  readonly letters: Pool;
  /** The same transport as another process has it. */
  another(): Promise<EventBus & { close(): Promise<void> }>;
  /** Puts a message on `TOPIC` that no sender of ours would. */
  slip(subject: string, message: string): Promise<void>;
  /** Takes the transport away for the time that the world states, and brings it back. */
  outage(): Promise<void>;
  /** How long that takes; so much longer everybody waits. */
  readonly outageMs: number;
  spawn(options: ChildOptions): ChildProcess;
}

export interface BusFact {
  readonly name: string;
  readonly prove: (world: BusWorld) => Promise<void>;
}

const clock = new SystemClock();
const random = new SystemRandom();

/** A fact that fails leaves its subscriptions behind; `stopAll` ends them. */
export function tracked(bus: EventBus & BusLag): {
  readonly bus: EventBus & BusLag;
  readonly stopAll: () => Promise<void>;
} {
  const subscriptions: Subscription[] = [];
  return {
    bus: {
      publish: (...said) => bus.publish(...said),
      subscribe: (subscriber) => {
        const subscription = bus.subscribe(subscriber);
        subscriptions.push(subscription);
        return subscription;
      },
      lag: () => bus.lag(),
    },
    stopAll: async () => {
      await Promise.all(subscriptions.map((subscription) => subscription.stop()));
    },
  };
}

/** Words that no other fact's run uses. */
export function fresh(word: string): string {
  return `${word}-${newUuid(random).slice(0, 8)}`;
}

export function closedEvent(subject: string, outTradeNo: string): StuiverEvent {
  return {
    specversion: '1.0',
    id: newUuid(random),
    source: '/stuiver/order',
    type: 'order.closed.v1',
    subject,
    time: clock.now().toISOString(),
    datacontenttype: 'application/json',
    data: { orderId: subject, merchantId: '1900000001', outTradeNo, reason: 'merchant' },
  };
}

/** `each` numbered events for each of `subjects` subjects, mixed as many orders at once would be. */
export function eventsOf(prefix: string, subjects: number, each: number): StuiverEvent[] {
  return Array.from({ length: each * subjects }, (_, index) =>
    closedEvent(`${prefix}/${String(index % subjects)}`, numberText(Math.floor(index / subjects))),
  );
}

export function numberText(number: number): string {
  return String(number).padStart(6, '0');
}

export function outTradeNoOf(event: StuiverEvent): string {
  return event.type === 'order.closed.v1' ? event.data.outTradeNo : '';
}

/** What an effect looks like: it and the memory of it in one transaction. @returns false for a repeat. */
export function bookEffect(
  database: Database,
  consumer: string,
  event: StuiverEvent,
  halfway: () => void = () => undefined,
): Promise<boolean> {
  return database.run(async (tx) => {
    if (!(await isFirstTime(tx, { schema: 'orders', consumer, eventId: event.id }))) return false;
    halfway();
    await tx.query(
      'insert into orders.conformance_effect (consumer, subject, said) values ($1, $2, $3)',
      [consumer, event.subject, outTradeNoOf(event)],
    );
    return true;
  });
}

/** The numbers that took effect, per subject, in the order in which they did. */
export async function effectsOf(
  database: Database,
  consumer: string,
): Promise<Record<string, string[]>> {
  const rows = await database.query<{ subject: string; said: string[] }>(
    `select subject, array_agg(said order by number) as said from orders.conformance_effect
     where consumer = $1 group by subject`,
    [consumer],
  );
  return Object.fromEntries(rows.map(({ subject, said }) => [subject, said]));
}

/** What the effects must be: every number of every subject once, and in order. */
function wantedOf(events: readonly StuiverEvent[]): Record<string, string[]> {
  const wanted: Record<string, string[]> = {};
  for (const event of events) (wanted[event.subject] ??= []).push(outTradeNoOf(event));
  return wanted;
}

export function listen(
  bus: EventBus,
  reader: { consumer: string; prefix: string },
  handle: (event: StuiverEvent) => Promise<unknown>,
): Subscription {
  return bus.subscribe({
    consumer: reader.consumer,
    topic: TOPIC,
    types: TYPES,
    handle: async (event) => {
      if (event.subject.startsWith(reader.prefix)) await handle(event);
    },
  });
}

/** Waits until `look` gives something. @throws Error naming `what`, when it takes too long. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  msMax = FACT_MS_MAX,
): Promise<T> {
  const deadline = performance.now() + msMax;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** As the relay does: again and again until it is taken. */
export async function publishUntilTaken(
  bus: EventBus,
  events: readonly StuiverEvent[],
  outageMs = 0,
): Promise<void> {
  await until(
    'the transport takes the events',
    () =>
      bus.publish(TOPIC, events).then(
        () => true,
        () => false,
      ),
    FACT_MS_MAX + outageMs,
  );
}

/** Exactly these effects, in this order. */
export async function untilEffects(
  database: Database,
  consumer: string,
  events: readonly StuiverEvent[],
): Promise<void> {
  const wanted = wantedOf(events);
  const count = events.length;
  await until(`${consumer} has ${String(count)} effects`, async () => {
    const effects = await effectsOf(database, consumer);
    return Object.values(effects).flat().length >= count;
  });
  assert.deepEqual(await effectsOf(database, consumer), wanted);
}
