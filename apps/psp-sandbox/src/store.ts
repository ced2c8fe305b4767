import { randomBytes } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import type { Clock } from '@stuiver/ports';
import { BANK_SCHEMA } from './bank/schema.js';
import { noSuch } from './problem.js';
import { CLOCK_SCHEMA } from './sandbox-clock.js';
import type { PspTerms } from './terms.js';

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
-- Whose it is: a connected account's, or the platform's own.
alter table object add column if not exists account text;
create index if not exists object_of_account on object (account, object, seq desc) where account is not null;
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
-- What an automatic payout paid out: each row of the books once.
create table if not exists paid_out (
  transaction text primary key references object (id),
  payout text not null references object (id)
);
create index if not exists paid_out_by on paid_out (payout);
`;

/** The balance is the sum of all nets, because a row of the books is right when it is made and never changes. */
const BOOKS = `
do $$ begin
  alter table object add constraint net_is_amount_less_fee check (
    object <> 'balance_transaction'
    or (doc->>'net')::bigint = (doc->>'amount')::bigint - (doc->>'fee')::bigint);
exception when duplicate_object then null;
end $$;
create or replace trigger books_are_append_only before update or delete on object
  for each row when (old.object = 'balance_transaction') execute function refuse_change();
`;

const SCHEMA_LOCK = 8_090;

/** Two that start at once do not create the same table at once. */
export async function prepareStore(pool: Pool): Promise<void> {
  const parts = [SCHEMA, CLOCK_SCHEMA, BANK_SCHEMA, BOOKS].join('\n');
  await pool.query(`begin; select pg_advisory_xact_lock(${SCHEMA_LOCK}); ${parts}; commit`);
}

/** On whose behalf a transaction runs. */
export interface Caller {
  readonly version: string;
  readonly requestId: string | null;
  readonly idempotencyKey: string | null;
  /** The connected account that it acts for; null for the platform itself. */
  readonly account: string | null;
  /** A browser, with a publishable key: it must know the client secret of what it touches. */
  readonly isPublic: boolean;
}

/** Not an API call: the payer at the bank. */
export const NOBODY: Caller = {
  version: API_VERSION,
  requestId: null,
  idempotencyKey: null,
  account: null,
  isPublic: false,
};

/** Who is told of events, and of which: all, `payout.*`, or one by name. */
export interface Hearer {
  /** Its name in `delivery`: an address that was configured, or the id of an endpoint that was created. */
  readonly url: string;
  readonly events: readonly string[];
  /** Of connected accounts, and not of the platform. */
  readonly connect: boolean;
  /** In which version it is told; null: in the sandbox's own. */
  readonly apiVersion: string | null;
}

interface Surroundings {
  readonly clock: Clock;
  readonly terms: PspTerms;
  readonly hearers: () => readonly Hearer[];
  /** To be done once the transaction is committed. */
  readonly afterwards: (() => Promise<void>)[];
  readonly caller: Caller;
}

/** Objects inside one transaction. */
export class Objects {
  constructor(
    readonly client: PoolClient,
    private readonly around: Surroundings,
  ) {}

  get clock(): Clock {
    return this.around.clock;
  }

  get terms(): PspTerms {
    return this.around.terms;
  }

  get caller(): Caller {
    return this.around.caller;
  }

  get account(): string | null {
    return this.caller.account;
  }

  /** The same transaction for a connected account, or for the platform. */
  as(account: string | null): Objects {
    return new Objects(this.client, { ...this.around, caller: { ...this.caller, account } });
  }

  /** The same transaction for whoever has the object. */
  async asOwnerOf(id: string): Promise<Objects> {
    const { rows } = await this.client.query<{ account: string | null }>(
      'select account from object where id = $1',
      [id],
    );
    return this.as(rows[0]?.account ?? null);
  }

  /** The same transaction at another time. */
  at(time: Clock | Date): Objects {
    const clock = time instanceof Date ? { now: () => time } : time;
    return new Objects(this.client, { ...this.around, clock });
  }

  /** What must not happen before the transaction is committed, and does not happen when it is not. */
  afterwards(work: () => Promise<void>): void {
    this.around.afterwards.push(work);
  }

  get created(): number {
    return Math.floor(this.clock.now().getTime() / 1_000);
  }

  newId(prefix: string): string {
    return `${prefix}_${randomBytes(12).toString('hex')}`;
  }

  async find(id: string): Promise<Doc | undefined> {
    const { rows } = await this.client.query<{ doc: Doc }>(
      `select doc from object where id = $1 and ${OWNED} $2`,
      [id, this.account],
    );
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
      `select doc, hidden from object where id = $1 and object = $2 and ${OWNED} $3 for update`,
      [id, object, this.account],
    );
    if (rows[0] === undefined) throw noSuch(object, id);
    return rows[0];
  }

  async save(doc: Doc, hidden?: Record<string, unknown>): Promise<void> {
    await this.client.query(
      `insert into object (id, object, doc, hidden, account)
       values ($1, $2, $3, coalesce($4::jsonb, '{}'::jsonb), $5)
       on conflict (id) do update set doc = excluded.doc, hidden = coalesce($4::jsonb, object.hidden)`,
      [
        doc.id,
        doc.object,
        JSON.stringify(doc),
        hidden === undefined ? null : JSON.stringify(hidden),
        this.account,
      ],
    );
  }

  /** @param condition  SQL after `where`; the caller's own text, never a request's. */
  async select(condition: string, values: readonly unknown[]): Promise<Doc[]> {
    const { rows } = await this.client.query<{ doc: Doc }>(
      `select doc from object where ${OWNED} $${values.length + 1} and ${condition}`,
      [...values, this.account],
    );
    return rows.map(({ doc }) => this.present(doc));
  }

  /** An object's place in the order of creation. */
  async seqOf(object: string, id: string): Promise<string | undefined> {
    const { rows } = await this.client.query<{ seq: string }>(
      `select seq from object where id = $1 and object = $2 and ${OWNED} $3`,
      [id, object, this.account],
    );
    return rows[0]?.seq;
  }

  /** Says what happened, to every endpoint, in the transaction that made it true. */
  async tell(type: string, object: Doc | Readonly<Record<string, unknown>>): Promise<void> {
    const { account } = this;
    const hearers = this.around
      .hearers()
      .filter(({ events, connect }) => connect === (account !== null) && events.some(names(type)));
    const event: Doc = {
      id: this.newId('evt'),
      object: 'event',
      ...(account === null ? {} : { account }),
      api_version: API_VERSION,
      created: this.created,
      data: { object },
      livemode: false,
      pending_webhooks: hearers.length,
      request: { id: this.caller.requestId, idempotency_key: this.caller.idempotencyKey },
      type,
    };
    await this.save(event);
    for (const { url } of hearers) {
      await this.client.query(
        'insert into delivery (event_id, url, due_at) values ($1, $2, now())',
        [event.id, url],
      );
    }
  }
}

const OWNED = 'account is not distinct from';

function names(type: string): (pattern: string) => boolean {
  return (pattern) =>
    pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : pattern === type;
}

/** One transaction over the sandbox's objects. */
export type Run = <T>(work: (objects: Objects) => Promise<T>, caller?: Caller) => Promise<T>;
