import type { Pool, PoolClient } from 'pg';
import type { EntityManager } from 'typeorm';
import { type EventData, type EventType, parseEvent, topicOf } from '@stuiver/contracts';
import { newUuid } from '@stuiver/ids';
import { type Clock, currentTrace, type Random } from '@stuiver/ports';
import { onConnection } from '@stuiver/postgres';
import { encodeEvent } from './encode-event.js';
import type { RelayLag } from './event-bus.js';
import type { OutboxSource, Send } from './relay.js';

export interface OutboxOptions {
  readonly schema: 'orders' | 'payout';
  readonly source: '/stuiver/order' | '/stuiver/payout';
  readonly clock: Clock;
  readonly random: Random;
}

export type EventToSay = {
  [Type in EventType]: {
    readonly type: Type;
    readonly subject: string;
    readonly data: EventData<Type>;
  };
}[EventType];

/** Sent rows are kept this long, for the curious; the transport has them for good. */
const SENT_ROWS_KEPT = '1 day';

/** Where a service writes what it says, in the transaction that makes it true. */
export class Outbox {
  constructor(private readonly options: OutboxOptions) {}

  /**
   * The trace under which this is called travels along.
   *
   * @throws z.ZodError when the event breaks its contract, EventTooLarge when no transport would carry it: the
   *   transaction must not commit, for the event could never be sent.
   */
  async say(tx: EntityManager, event: EventToSay): Promise<void> {
    const { schema, source, clock, random } = this.options;
    const message = parseEvent({
      specversion: '1.0',
      id: newUuid(random),
      source,
      type: event.type,
      subject: event.subject,
      time: clock.now().toISOString(),
      datacontenttype: 'application/json',
      data: event.data,
    });
    await tx.query(
      `insert into ${schema}.outbox (event_id, topic, subject, event, occurred_at, traceparent) values ($1, $2, $3, $4, $5, $6)`,
      [
        ...[message.id, topicOf(event.type), message.subject, encodeEvent(message), message.time],
        currentTrace()?.traceparent ?? null,
      ],
    );
  }

  /** The relay's view of the same table. */
  openSource(pool: Pool): OutboxSource {
    return new OutboxTable(pool, this.options.schema);
  }
}

class OutboxTable implements OutboxSource {
  constructor(
    private readonly pool: Pool,
    private readonly schema: string,
  ) {}

  relay(limit: number, send: Send): Promise<number> {
    const lockName = `${this.schema}.outbox`;
    return onConnection(this.pool, async (client) => {
      // A session lock and no transaction: sending may be a network call. After a failure the connection is closed,
      // and the lock with it.
      const lock = await client.query<{ mine: boolean }>(
        'select pg_try_advisory_lock(hashtext($1)) as mine',
        [lockName],
      );
      if (lock.rows[0]?.mine !== true) return 0;
      const sent = await this.relayLocked(client, limit, send);
      await client.query('select pg_advisory_unlock(hashtext($1))', [lockName]);
      return sent;
    });
  }

  private async relayLocked(client: PoolClient, limit: number, send: Send): Promise<number> {
    // Unsent rows, never "id > last seen": a lower id can commit later.
    const { rows } = await client.query<OutboxRow>(
      `select id, event_id, event, traceparent from ${this.schema}.outbox where sent_at is null order by id limit $1`,
      [limit],
    );
    if (rows.length === 0) return 0;
    await send(
      rows.map((row) => parseEvent(row.event)),
      tracesOf(rows),
    );
    await client.query(
      `update ${this.schema}.outbox set sent_at = now() where id = any($1::bigint[])`,
      [rows.map((row) => row.id)],
    );
    return rows.length;
  }

  async lag(): Promise<RelayLag> {
    const { rows } = await this.pool.query<RelayLag>(
      `select count(*)::int as messages,
              coalesce(greatest(0, extract(epoch from now() - min(occurred_at)) * 1000), 0)::float8 as "oldestAgeMs"
         from ${this.schema}.outbox where sent_at is null`,
    );
    return rows[0] ?? { messages: 0, oldestAgeMs: 0 };
  }

  async tidy(): Promise<void> {
    await this.pool.query(
      `delete from ${this.schema}.outbox where sent_at < now() - interval '${SENT_ROWS_KEPT}'`,
    );
  }
}

interface OutboxRow {
  readonly id: string;
  readonly event_id: string;
  readonly event: unknown;
  readonly traceparent: string | null;
}

function tracesOf(rows: readonly OutboxRow[]): Map<string, string> {
  return new Map(
    rows.flatMap(({ event_id: id, traceparent }): [string, string][] =>
      traceparent === null ? [] : [[id, traceparent]],
    ),
  );
}
