import type { Pool, PoolClient } from 'pg';
import type { StuiverEvent, Topic } from '@stuiver/contracts';
import type { Log } from '@stuiver/ports';
import { onConnection } from '@stuiver/postgres';
import { DeadLetters, type Delivered } from './dead-letters.js';
import { Delivery } from './delivery.js';
import { encodeEvent } from './encode-event.js';
import type {
  BusLag,
  ConsumerLag,
  EventBus,
  Subscriber,
  Subscription,
  Traces,
} from './event-bus.js';
import { type LaneFailure, workLanes } from './lanes.js';
import { Loop, type Turn } from './loop.js';

const MESSAGES_PER_TURN_MAX = 200;
const IDLE_MS = 250;

/** One consumer of this process. */
interface Reading {
  readonly subscriber: Subscriber;
  readonly delivery: Delivery;
}

/**
 * The bus over PostgreSQL. A topic has one publisher (the relay that holds its service's lock), so positions become
 * visible in order and "greater than the cursor" misses nothing.
 */
export class PostgresBus implements EventBus, BusLag {
  private readonly loops = new Map<Topic, Set<Loop>>();
  private readonly letters: DeadLetters;

  constructor(private readonly options: { pool: Pool; log: Log }) {
    this.letters = new DeadLetters(options.pool);
  }

  async publish(topic: Topic, events: readonly StuiverEvent[], traces?: Traces): Promise<void> {
    await this.options.pool.query(
      `insert into bus.message (topic, subject, event_id, event, traceparent)
       select $1, said.subject, said.id, said.event, said.traceparent
       from unnest($2::text[], $3::uuid[], $4::jsonb[], $5::text[])
         with ordinality as said (subject, id, event, traceparent, place)
       order by said.place
       on conflict on constraint event_is_sent_once do nothing`,
      [
        topic,
        events.map((event) => event.subject),
        events.map((event) => event.id),
        events.map(encodeEvent),
        events.map((event) => traces?.get(event.id) ?? null),
      ],
    );
    for (const loop of this.loops.get(topic) ?? []) loop.wake();
  }

  subscribe(subscriber: Subscriber): Subscription {
    const { log } = this.options;
    const reading = {
      subscriber,
      delivery: new Delivery({ subscriber, letters: this.letters, log }),
    };
    const loop = new Loop({
      name: `consumer ${subscriber.consumer}`,
      everyMs: IDLE_MS,
      log,
      turn: () => this.turn(reading),
    });
    const loops = this.loops.get(subscriber.topic) ?? new Set();
    this.loops.set(subscriber.topic, loops.add(loop));
    loop.start();
    const replay = reading.delivery.replayLoop();
    replay.start();
    return {
      stop: async () => {
        loops.delete(loop);
        await Promise.all([loop.stop(), replay.stop()]);
      },
    };
  }

  async lag(): Promise<readonly ConsumerLag[]> {
    const { rows } = await this.options.pool.query<ConsumerLag>(
      `select c.consumer, c.topic, count(m.position)::int as messages,
              coalesce(greatest(0, extract(epoch from now() - min(m.sent_at)) * 1000), 0)::float8 as "oldestAgeMs"
         from bus.cursor c left join bus.message m on m.topic = c.topic and m.position > c.position
        group by c.consumer, c.topic order by c.consumer, c.topic`,
    );
    return rows;
  }

  private async turn(reading: Reading): Promise<Turn> {
    const { subscriber } = reading;
    const lockName = `bus ${subscriber.consumer} ${subscriber.topic}`;
    const page = await onConnection(this.options.pool, async (client) => {
      // Session lock: one process reads for a consumer; another takes over when it dies.
      const lock = await client.query<{ mine: boolean }>(
        'select pg_try_advisory_lock(hashtext($1)) as mine',
        [lockName],
      );
      if (lock.rows[0]?.mine !== true) return { size: 0, failure: undefined };
      const messages = await readPage(client, subscriber);
      const failure = await this.work(reading, messages);
      await client.query('select pg_advisory_unlock(hashtext($1))', [lockName]);
      return { size: messages.length, failure };
    });
    // A handler's "not yet" says nothing about the connection: it is thrown after that went back.
    if (page.failure !== undefined) throw page.failure.error;
    return page.size === MESSAGES_PER_TURN_MAX ? 'more' : 'idle';
  }

  /** Handles a page and moves the cursor to before the first message that failed. @returns that failure. */
  private async work(
    { subscriber, delivery }: Reading,
    messages: readonly Delivered[],
  ): Promise<LaneFailure<Delivered> | undefined> {
    if (messages.length === 0) return undefined;
    const waiting = await delivery.waitingSubjects();
    const failures = await workLanes(messages, (message) => delivery.deliver(message, waiting));
    const last = BigInt(messages.at(-1)?.position ?? '0');
    const done = failures.reduce(
      (least, { message }) => min(least, BigInt(message.position) - 1n),
      last,
    );
    await this.moveCursor(subscriber, done);
    return failures[0];
  }

  private async moveCursor(subscriber: Subscriber, position: bigint): Promise<void> {
    await this.options.pool.query(
      `insert into bus.cursor (consumer, topic, position) values ($1, $2, $3)
       on conflict (consumer, topic) do update set position = excluded.position where bus.cursor.position < excluded.position`,
      [subscriber.consumer, subscriber.topic, position.toString()],
    );
  }
}

async function readPage(
  client: PoolClient,
  { consumer, topic }: Subscriber,
): Promise<readonly Delivered[]> {
  const { rows } = await client.query<Delivered>(
    `select 0 as partition, position::text, subject, event::text as message, traceparent from bus.message
     where topic = $2 and position > coalesce((select position from bus.cursor where consumer = $1 and topic = $2), 0)
     order by bus.message.position limit $3`,
    [consumer, topic, MESSAGES_PER_TURN_MAX],
  );
  return rows;
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
