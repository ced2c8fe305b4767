import type { Pool, PoolClient } from 'pg';
import { parseEvent, type StuiverEvent, type Topic } from '@stuiver/contracts';
import type { Log } from '@stuiver/ports';
import { onConnection } from '@stuiver/postgres';
import type { EventBus, Subscriber, Subscription } from './event-bus.js';
import { Loop, type Turn } from './loop.js';

const MESSAGES_PER_TURN_MAX = 200;
const IDLE_MS = 250;
/** Subjects worked on side by side; within one, order holds. */
const SUBJECTS_AT_ONCE_MAX = 8;

interface Message {
  readonly position: string;
  readonly subject: string;
  readonly event: unknown;
}

interface Failure {
  readonly position: bigint;
  readonly error: unknown;
}

/**
 * The bus over PostgreSQL. A topic has one publisher (the relay that holds its service's lock), so positions become
 * visible in order and "greater than the cursor" misses nothing.
 */
export class PostgresBus implements EventBus {
  private readonly loops = new Map<Topic, Set<Loop>>();

  constructor(private readonly options: { pool: Pool; log: Log }) {}

  async publish(topic: Topic, events: readonly StuiverEvent[]): Promise<void> {
    await this.options.pool.query(
      `insert into bus.message (topic, subject, event_id, event)
       select $1, said.subject, said.id, said.event
       from unnest($2::text[], $3::uuid[], $4::jsonb[]) with ordinality as said (subject, id, event, place)
       order by said.place
       on conflict on constraint event_is_sent_once do nothing`,
      [
        topic,
        events.map((event) => event.subject),
        events.map((event) => event.id),
        events.map((event) => JSON.stringify(event)),
      ],
    );
    for (const loop of this.loops.get(topic) ?? []) loop.wake();
  }

  subscribe(subscriber: Subscriber): Subscription {
    const loop = new Loop({
      name: `consumer ${subscriber.consumer}`,
      everyMs: IDLE_MS,
      log: this.options.log,
      turn: () => this.turn(subscriber),
    });
    const loops = this.loops.get(subscriber.topic) ?? new Set();
    this.loops.set(subscriber.topic, loops.add(loop));
    loop.start();
    return {
      stop: async () => {
        loops.delete(loop);
        await loop.stop();
      },
    };
  }

  private async turn(subscriber: Subscriber): Promise<Turn> {
    const { consumer, topic } = subscriber;
    const lockName = `bus ${consumer} ${topic}`;
    const page = await onConnection(this.options.pool, async (client) => {
      // Session lock: one process reads for a consumer; another takes over when it dies.
      const lock = await client.query<{ mine: boolean }>(
        'select pg_try_advisory_lock(hashtext($1)) as mine',
        [lockName],
      );
      if (lock.rows[0]?.mine !== true) return { size: 0, failure: undefined };
      const messages = await readPage(client, subscriber);
      const failure = await this.work(subscriber, messages);
      await client.query('select pg_advisory_unlock(hashtext($1))', [lockName]);
      return { size: messages.length, failure };
    });
    // A handler's "not yet" says nothing about the connection: it is thrown after that went back.
    if (page.failure !== undefined) throw page.failure.error;
    return page.size === MESSAGES_PER_TURN_MAX ? 'more' : 'idle';
  }

  /** Handles a page and moves the cursor to before the first message that failed. @returns that failure. */
  private async work(
    subscriber: Subscriber,
    messages: readonly Message[],
  ): Promise<Failure | undefined> {
    if (messages.length === 0) return undefined;
    const lanes = new Map<string, Message[]>();
    for (const message of messages) {
      const lane = lanes.get(message.subject);
      if (lane === undefined) lanes.set(message.subject, [message]);
      else lane.push(message);
    }
    const queue = [...lanes.values()];
    const failures: Failure[] = [];
    const worker = async (): Promise<void> => {
      for (let lane = queue.shift(); lane !== undefined; lane = queue.shift()) {
        const failure = await this.workLane(subscriber, lane);
        if (failure !== undefined) failures.push(failure);
      }
    };
    await Promise.all(Array.from({ length: SUBJECTS_AT_ONCE_MAX }, worker));
    const last = BigInt(messages.at(-1)?.position ?? '0');
    const done = failures.reduce((least, failure) => min(least, failure.position - 1n), last);
    await this.moveCursor(subscriber, done);
    return failures[0];
  }

  private async workLane(
    subscriber: Subscriber,
    lane: readonly Message[],
  ): Promise<Failure | undefined> {
    for (const message of lane) {
      const event = await this.read(subscriber, message);
      if (event === undefined || !subscriber.types.includes(event.type)) continue;
      try {
        await subscriber.handle(event);
      } catch (error) {
        return { position: BigInt(message.position), error };
      }
    }
    return undefined;
  }

  /** Undefined for what cannot be decoded: it goes to the dead letters, with the reason. */
  private async read(subscriber: Subscriber, message: Message): Promise<StuiverEvent | undefined> {
    try {
      return parseEvent(message.event);
    } catch (error) {
      const { consumer, topic } = subscriber;
      this.options.log.error(
        'event cannot be read',
        { consumer, position: message.position },
        error,
      );
      await this.options.pool.query(
        `insert into bus.dead_letter (consumer, topic, position, subject, reason) values ($1, $2, $3, $4, $5) on conflict do nothing`,
        [consumer, topic, message.position, message.subject, String(error)],
      );
      return undefined;
    }
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
): Promise<readonly Message[]> {
  const { rows } = await client.query<Message>(
    `select position, subject, event from bus.message
     where topic = $2 and position > coalesce((select position from bus.cursor where consumer = $1 and topic = $2), 0)
     order by position limit $3`,
    [consumer, topic, MESSAGES_PER_TURN_MAX],
  );
  return rows;
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
