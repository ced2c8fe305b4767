import { isDeepStrictEqual } from 'node:util';
import type { Pool } from 'pg';
import type { LedgerResult } from '@stuiver/contracts';
import { PostgresLedgerStore } from '../adapters/postgres/postgres-ledger-store.js';
import type { VelocityLimit } from '../domain/velocity.js';
import type { Head, KnownCommand } from '../use-cases/ledger-store.js';
import { bothLimits } from './both-limits.js';
import { growsByDebit } from './model/chart.js';
import { NaiveModel } from './model/naive-model.js';
import type { SimulatedCommand } from './model/words.js';

/** So many commands' results are read at once. */
const READ_MAX = 500;
/** Of those that are due, so many expire in one batch. */
const EXPIRIES_MAX = 512;

export interface Replayed {
  readonly batches: number;
  readonly commands: number;
  readonly transfers: number;
  /** By command id: what the database says to whoever asks. */
  readonly results: Readonly<Record<string, KnownAnswer>>;
  /** Where the database and the naive model say different things. */
  readonly differences: readonly string[];
}

export interface KnownAnswer {
  readonly kind: string;
  readonly content: string;
  readonly result: LedgerResult;
}

interface BatchRow {
  readonly no: string;
  readonly at: Date;
  readonly commands: readonly {
    readonly id: string;
    readonly kind: string;
    readonly content: string;
    /** When its transfers take effect, in their order, ISO 8601. */
    readonly effective: readonly string[];
  }[];
}

const BATCHES_SQL = `
  select b.no::text, b.at,
         (select json_agg(json_build_object('id', c.id, 'kind', c.kind, 'content', c.content::text,
                   'effective', (select coalesce(json_agg(to_char(t.effective_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
                                                          order by t.seq), '[]')
                                   from ledger.transfer t where t.command_id = c.id)) order by c.place)
            from ledger.command c where c.batch = b.no) as commands
    from ledger.batch b order by b.no`;
const ACCOUNTS_SQL = `
  select code, balance_minor::text as balance, version::text, held_minor::text as held, state,
         own_floor_minor::text as floor, ceiling_minor::text as ceiling
    from ledger.account`;

const SUBJECTS_SQL = `select distinct subject from ledger.velocity_limit`;

interface AccountRow {
  readonly code: string;
  readonly balance: string;
  readonly version: string;
  readonly held: string;
  readonly state: string;
  readonly floor: string | null;
  readonly ceiling: string | null;
}

/**
 * Books again with the naive model, in the order of their commits, the commands that a database holds, and compares
 * what became of each: the answer with every transfer, the times they take effect, which holds expired first; and in
 * the end all accounts. The books are to be quiet.
 */
export async function replayBooks(pool: Pool): Promise<Replayed> {
  const { rows: batches } = await pool.query<BatchRow>(BATCHES_SQL);
  const { rows: accounts } = await pool.query<AccountRow>(ACCOUNTS_SQL);
  const ids = batches.flatMap(({ commands }) => commands.map(({ id }) => id));
  const { known, head } = await readKnown(pool, ids);
  const replay = new Replay(known);
  for (const batch of batches) replay.book(batch);
  replay.atEnd(accounts, head);
  const { rows: limited } = await pool.query<{ subject: string }>(SUBJECTS_SQL);
  replay.compareLimits(
    await readLimits(pool, [
      ...new Set([...replay.subjects, ...limited.map(({ subject }) => subject)]),
    ]),
  );
  return replay.told();
}

async function readLimits(
  pool: Pool,
  subjects: readonly string[],
): Promise<ReadonlyMap<string, readonly VelocityLimit[]>> {
  const { rare } = await new PostgresLedgerStore(pool).read({
    ...{ accounts: [], commandIds: [], rare: { holds: [], subjects, originals: [] } },
    ...{ standing: [], standingMax: 0, dueBy: new Date(0) },
  });
  return new Map(subjects.map((subject) => [subject, rare.subjects.get(subject) ?? []]));
}

async function readKnown(
  pool: Pool,
  ids: readonly string[],
): Promise<{ known: ReadonlyMap<string, KnownCommand>; head: Head }> {
  const store = new PostgresLedgerStore(pool);
  const rare = { holds: [], subjects: [], originals: [] };
  const known = new Map<string, KnownCommand>();
  for (let first = 0; ; first += READ_MAX) {
    const commandIds = ids.slice(first, first + READ_MAX);
    const snapshot = await store.read({
      ...{ accounts: [], commandIds, rare, standing: [], standingMax: 0, dueBy: new Date(0) },
    });
    for (const command of snapshot.known) known.set(command.id, command);
    if (first + READ_MAX >= ids.length) return { known, head: snapshot.head };
  }
}

class Replay {
  private readonly model = new NaiveModel();
  private readonly results: Record<string, KnownAnswer> = {};
  private readonly differences: string[] = [];
  private batches = 0;
  private transfers = 0;
  private at = '';

  constructor(private readonly known: ReadonlyMap<string, KnownCommand>) {}

  book({ no, at: bookedAt, commands }: BatchRow): void {
    const at = bookedAt.toISOString();
    this.batches += 1;
    this.same('the number of a batch', Number(no), this.batches);
    if (at < this.at) this.differences.push(`time ran backwards in batch ${no}`);
    this.at = at;
    const count = commands.findIndex(({ kind }) => kind !== 'hold-expire');
    const expiries = count < 0 ? commands : commands.slice(0, count);
    const due = this.model.due(at).slice(0, EXPIRIES_MAX);
    this.same(
      `which holds expired first in batch ${no}`,
      expiries.map(({ content }) => (JSON.parse(content) as { holdId: string }).holdId),
      due.map(({ id }) => id),
    );
    for (const command of commands) this.bookOne({ no: BigInt(no), at }, command);
    this.model.endBatch();
  }

  /** Everything that a limit was ever set on. */
  get subjects(): readonly string[] {
    return this.model.books.limitNotes.map(({ subject }) => subject);
  }

  compareLimits(limits: ReadonlyMap<string, readonly VelocityLimit[]>): void {
    const nowMs = Date.parse(this.at);
    for (const [subject, found] of limits) {
      const { is, expected } = bothLimits(this.model.books, { subject, found, nowMs });
      this.same(`the limits on ${subject}`, is, expected);
    }
  }

  atEnd(accounts: readonly AccountRow[], { lastSeq, openFrom }: Head): void {
    const { books } = this.model;
    const codes = accounts.map(({ code }) => code);
    this.same('which accounts there are', codes.sort(), [...books.accounts].sort());
    let difference = 0n;
    for (const { code, balance, version, held, ...terms } of accounts) {
      const is = [balance, version, held];
      const expected = [books.balance(code), books.version(code), books.held(code)];
      this.same(`account ${code}`, is, expected.map(String));
      const { state, floor, ceiling } = books.terms(code);
      const [least, most] = [floor, ceiling].map((minor) => minor?.toString() ?? null);
      this.same(`the terms of ${code}`, terms, { state, floor: least, ceiling: most });
      difference += growsByDebit(code) ? BigInt(balance) : -BigInt(balance);
    }
    this.same('debits less credits', difference.toString(), '0');
    this.same('the last transfer', lastSeq.toString(), this.transfers.toString());
    const expected = books.openFrom ?? new Date(0).toISOString();
    this.same('from when on the books are open', openFrom.toISOString(), expected);
  }

  told(): Replayed {
    const { batches, transfers, results, differences } = this;
    return { batches, commands: Object.keys(results).length, transfers, results, differences };
  }

  private bookOne(
    batch: { readonly no: bigint; readonly at: string },
    { id, kind, content, effective }: BatchRow['commands'][number],
  ): void {
    const what = `${kind} ${id} of batch ${batch.no.toString()}`;
    const before = this.model.books.mark;
    const answer = this.model.book(batch, JSON.parse(content) as SimulatedCommand, content);
    const entries = this.model.books.entriesSince(before);
    this.transfers += effective.length;
    const result = this.known.get(id)?.result;
    this.same(`what became of ${what}`, result, answer);
    this.same(
      `when ${what} takes effect`,
      effective,
      entries.map(({ effectiveAt }) => effectiveAt),
    );
    if (result !== undefined) this.results[id] = { kind, content, result };
  }

  private same(what: string, is: unknown, expected: unknown): void {
    if (isDeepStrictEqual(is, expected)) return;
    const [database, model] = [is, expected].map((value) =>
      JSON.stringify(value, (_key, part: unknown) =>
        typeof part === 'bigint' ? part.toString() : part,
      ),
    );
    this.differences.push(`${what}\n  database: ${String(database)}\n  model:    ${String(model)}`);
  }
}
