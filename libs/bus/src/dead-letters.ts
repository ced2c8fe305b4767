import type { Pool, PoolClient } from 'pg';
import type { Topic } from '@stuiver/contracts';
import { onConnection } from '@stuiver/postgres';

/** A message as a transport hands it over. */
export interface Delivered {
  readonly partition: number;
  /** Digits: its place in the partition. */
  readonly position: string;
  readonly subject: string;
  /** As it came. */
  readonly message: string;
  readonly traceparent: string | null;
}

/** Who reads what. */
export interface Reader {
  readonly consumer: string;
  readonly topic: Topic;
}

/** A letter that a person has decided on. */
export interface DecidedLetter extends Delivered {
  readonly id: string;
  readonly decision: 'replay' | 'drop';
}

export interface ParkedMessage extends Delivered {
  readonly number: string;
}

const REASON_CHARACTERS_MAX = 2_000;
const DECIDED_PER_TURN_MAX = 20;
const READER = 'consumer = $1 and topic = $2';
/** Letters from before messages were kept have none; then there is nothing to read. */
const MESSAGE = `partition, position::text, subject, coalesce(message, '') as message, traceparent`;

/**
 * What a consumer cannot handle, and what waits behind it. In PostgreSQL for both transports, so it survives a restart
 * and there is one list for a person to look at. Whoever adds to a subject, and whoever lets it go on, holds the lock on
 * its letter: nothing slips past.
 */
export class DeadLetters {
  constructor(private readonly pool: Pool) {}

  /** Subjects that may wait for a person; `park` knows for sure. */
  async waitingSubjects({ consumer, topic }: Reader): Promise<Set<string>> {
    const { rows } = await this.pool.query<{ subject: string }>(
      `select subject from bus.dead_letter where ${READER} and settled_at is null`,
      [consumer, topic],
    );
    return new Set(rows.map(({ subject }) => subject));
  }

  /** @returns false when nothing of the subject waits any more: then the message is to be handled. */
  park(reader: Reader, delivered: Delivered): Promise<boolean> {
    return inTransaction(this.pool, async (client) => {
      const letter = await lockLetter(client, reader, delivered.subject);
      if (letter === undefined) return false;
      if (!isSamePlace(letter, delivered)) await insertParked(client, reader, delivered);
      return true;
    });
  }

  /** Makes it a dead letter, once; behind an earlier one of its subject it is parked. */
  async put(reader: Reader, delivered: Delivered, reason: string): Promise<void> {
    await inTransaction(this.pool, async (client) => {
      const letter = await lockLetter(client, reader, delivered.subject);
      if (letter === undefined) await insertLetter(client, reader, delivered, reason);
      else if (!isSamePlace(letter, delivered)) await insertParked(client, reader, delivered);
    });
  }

  /** Hands out the letters that a person has decided on; while one process works on them, another gets none. */
  async workDecided(
    reader: Reader,
    work: (letters: readonly DecidedLetter[]) => Promise<void>,
  ): Promise<void> {
    if ((await this.decided(reader)).length === 0) return;
    await onConnection(this.pool, async (client) => {
      const lockName = `bus replay ${reader.consumer} ${reader.topic}`;
      const lock = await client.query<{ mine: boolean }>(
        'select pg_try_advisory_lock(hashtext($1)) as mine',
        [lockName],
      );
      if (lock.rows[0]?.mine !== true) return;
      await work(await this.decided(reader));
      await client.query('select pg_advisory_unlock(hashtext($1))', [lockName]);
    });
  }

  private async decided({ consumer, topic }: Reader): Promise<readonly DecidedLetter[]> {
    const { rows } = await this.pool.query<DecidedLetter>(
      `select id, decision, ${MESSAGE} from bus.dead_letter
       where ${READER} and decision is not null and settled_at is null order by id limit $3`,
      [consumer, topic, DECIDED_PER_TURN_MAX],
    );
    return rows;
  }

  async firstParked(
    { consumer, topic }: Reader,
    subject: string,
  ): Promise<ParkedMessage | undefined> {
    const { rows } = await this.pool.query<ParkedMessage>(
      `select number, ${MESSAGE} from bus.parked where ${READER} and md5(subject) = md5($3) order by number limit 1`,
      [consumer, topic, subject],
    );
    return rows[0];
  }

  async unpark(parked: ParkedMessage): Promise<void> {
    await this.pool.query('delete from bus.parked where number = $1', [parked.number]);
  }

  /** @returns false when something was parked behind it meanwhile. */
  settle(reader: Reader, letter: DecidedLetter): Promise<boolean> {
    return inTransaction(this.pool, async (client) => {
      await lockLetter(client, reader, letter.subject);
      const { rowCount } = await client.query(
        `update bus.dead_letter set settled_at = now() where id = $4 and not exists (
           select from bus.parked where ${READER} and md5(subject) = md5($3))`,
        [reader.consumer, reader.topic, letter.subject, letter.id],
      );
      return rowCount === 1;
    });
  }

  /** The replay failed for good too: it waits for a person again. */
  async refuse(letter: DecidedLetter, reason: string): Promise<void> {
    await this.pool.query(
      'update bus.dead_letter set reason = $2, decision = null, decided_at = null where id = $1',
      [letter.id, brief(reason)],
    );
  }

  /** The letter is dealt with; the first message behind it takes its place. */
  async succeed(
    reader: Reader,
    letter: DecidedLetter,
    next: ParkedMessage & { readonly reason: string },
  ): Promise<void> {
    await inTransaction(this.pool, async (client) => {
      await client.query('update bus.dead_letter set settled_at = now() where id = $1', [
        letter.id,
      ]);
      await insertLetter(client, reader, next, next.reason);
      await client.query('delete from bus.parked where number = $1', [next.number]);
    });
  }
}

interface Place {
  readonly partition: number;
  readonly position: string;
}

async function lockLetter(
  client: PoolClient,
  { consumer, topic }: Reader,
  subject: string,
): Promise<Place | undefined> {
  const { rows } = await client.query<Place>(
    `select partition, position::text from bus.dead_letter
     where ${READER} and md5(subject) = md5($3) and settled_at is null for update`,
    [consumer, topic, storable(subject)],
  );
  return rows[0];
}

function isSamePlace(a: Place, b: Place): boolean {
  return a.partition === b.partition && a.position === b.position;
}

async function insertLetter(
  client: PoolClient,
  reader: Reader,
  delivered: Delivered,
  reason: string,
): Promise<void> {
  await client.query(
    `insert into bus.dead_letter (consumer, topic, partition, position, subject, message, traceparent, reason)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict on constraint message_dies_once do nothing`,
    [...columnsOf(reader, delivered), brief(reason)],
  );
}

async function insertParked(
  client: PoolClient,
  reader: Reader,
  delivered: Delivered,
): Promise<void> {
  await client.query(
    `insert into bus.parked (consumer, topic, partition, position, subject, message, traceparent)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict on constraint message_is_parked_once do nothing`,
    columnsOf(reader, delivered),
  );
}

function columnsOf({ consumer, topic }: Reader, delivered: Delivered): unknown[] {
  const { partition, position, subject, message, traceparent } = delivered;
  return [
    ...[consumer, topic, partition, position],
    ...[storable(subject), storable(message), traceparent],
  ];
}

/** PostgreSQL's text has no zero byte, and what a stranger sent may. */
function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD');
}

function brief(reason: string): string {
  return storable(reason).slice(0, REASON_CHARACTERS_MAX);
}

function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return onConnection(pool, async (client) => {
    await client.query('begin');
    const done = await work(client);
    await client.query('commit');
    return done;
  });
}
