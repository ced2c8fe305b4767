import { randomBytes } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import type { Clock } from '@stuiver/ports';
import { noSuch } from './problem.js';

export const API_VERSION = '2026-10-28.endive';

/** A Stripe object as it goes over the wire. */
export interface Doc {
  readonly id: string;
  readonly object: string;
  readonly [field: string]: unknown;
}

const SCHEMA = `
create table if not exists object (
  id text primary key,
  object text not null,
  seq bigint generated always as identity,
  doc jsonb not null,
  -- What the wire does not show: the return address, the page's own secret.
  hidden jsonb not null default '{}'
);
create index if not exists object_newest on object (object, seq desc);
create index if not exists object_by_metadata on object using gin ((doc->'metadata') jsonb_path_ops)
  where object = 'payment_intent';
create index if not exists object_of_intent on object ((doc->>'payment_intent')) where doc ? 'payment_intent';
create table if not exists idempotency (
  key text primary key,
  fingerprint text not null,
  status integer not null,
  body text not null,
  at timestamptz not null default now()
);
create table if not exists delivery (
  event_id text not null,
  url text not null,
  due_at timestamptz,
  tries integer not null default 0,
  delivered_at timestamptz,
  primary key (event_id, url)
);
create index if not exists delivery_due on delivery (due_at) where due_at is not null;
`;

const SCHEMA_LOCK = 8_090;

/** Two that start at once do not create the same table at once. */
export async function prepareStore(pool: Pool): Promise<void> {
  await pool.query(`begin; select pg_advisory_xact_lock(${SCHEMA_LOCK}); ${SCHEMA}; commit`);
}

/** On whose behalf a transaction runs. */
export interface Caller {
  readonly version: string;
  readonly requestId: string | null;
  readonly idempotencyKey: string | null;
}

/** Not an API call: the payer at the bank. */
export const NOBODY: Caller = { version: API_VERSION, requestId: null, idempotencyKey: null };

/** Objects inside one transaction. */
export class Objects {
  constructor(
    readonly client: PoolClient,
    readonly clock: Clock,
    private readonly webhookUrls: readonly string[],
    readonly caller: Caller,
  ) {}

  get created(): number {
    return Math.floor(this.clock.now().getTime() / 1_000);
  }

  newId(prefix: string): string {
    return `${prefix}_${randomBytes(12).toString('hex')}`;
  }

  async find(id: string): Promise<Doc | undefined> {
    const { rows } = await this.client.query<{ doc: Doc }>('select doc from object where id = $1', [
      id,
    ]);
    return rows[0] === undefined ? undefined : this.present(rows[0].doc);
  }

  /** Time alone makes pending money available; no row changes for it. */
  private present(doc: Doc): Doc {
    if (doc.object !== 'balance_transaction') return doc;
    const status = Number(doc['available_on']) <= this.created ? 'available' : 'pending';
    return { ...doc, status };
  }

  /** Reads and locks until the transaction ends. @throws StripeProblem resource_missing */
  async lock(object: string, id: string): Promise<{ doc: Doc; hidden: Record<string, unknown> }> {
    const { rows } = await this.client.query<{ doc: Doc; hidden: Record<string, unknown> }>(
      'select doc, hidden from object where id = $1 and object = $2 for update',
      [id, object],
    );
    if (rows[0] === undefined) throw noSuch(object, id);
    return rows[0];
  }

  async save(doc: Doc, hidden?: Record<string, unknown>): Promise<void> {
    await this.client.query(
      `insert into object (id, object, doc, hidden) values ($1, $2, $3, coalesce($4::jsonb, '{}'::jsonb))
       on conflict (id) do update set doc = excluded.doc, hidden = coalesce($4::jsonb, object.hidden)`,
      [
        doc.id,
        doc.object,
        JSON.stringify(doc),
        hidden === undefined ? null : JSON.stringify(hidden),
      ],
    );
  }

  /** @param condition  SQL after `where`; the caller's own text, never a request's. */
  async select(condition: string, values: readonly unknown[]): Promise<Doc[]> {
    const { rows } = await this.client.query<{ doc: Doc }>(
      `select doc from object where ${condition}`,
      [...values],
    );
    return rows.map(({ doc }) => this.present(doc));
  }

  /** An object's place in the order of creation. */
  async seqOf(object: string, id: string): Promise<string | undefined> {
    const { rows } = await this.client.query<{ seq: string }>(
      'select seq from object where id = $1 and object = $2',
      [id, object],
    );
    return rows[0]?.seq;
  }

  /** Says what happened, to every endpoint, in the transaction that made it true. */
  async tell(type: string, object: Doc): Promise<void> {
    const event: Doc = {
      id: this.newId('evt'),
      object: 'event',
      api_version: API_VERSION,
      created: this.created,
      data: { object },
      livemode: false,
      pending_webhooks: this.webhookUrls.length,
      request: { id: this.caller.requestId, idempotency_key: this.caller.idempotencyKey },
      type,
    };
    await this.save(event);
    for (const url of this.webhookUrls) {
      await this.client.query(
        'insert into delivery (event_id, url, due_at) values ($1, $2, now())',
        [event.id, url],
      );
    }
  }
}

/** One transaction over the sandbox's objects. */
export type Run = <T>(work: (objects: Objects) => Promise<T>, caller?: Caller) => Promise<T>;
