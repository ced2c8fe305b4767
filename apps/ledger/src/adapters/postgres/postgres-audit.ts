import type { ClientBase, Pool, QueryResultRow } from 'pg';
import { invariant } from '@stuiver/errors';
import { onConnection } from '@stuiver/postgres';
import { type Finding, NOTHING } from '../../domain/audit/finding.js';
import type {
  AccountRow,
  BatchContent,
  BatchRow,
  ChainRow,
  CommandRow,
  HeadRow,
  TransferRow,
} from '../../domain/audit/rows.js';
import type { Standing } from '../../domain/audit/standing.js';
import type { AuditReads, AuditRows, CheckpointRow } from '../../use-cases/verify-ledger.js';
import { type FoundBatch, toBatchRow } from './found-batch.js';
import {
  ACCOUNTS_SQL,
  BATCHES_SQL,
  CHAIN_SQL,
  CHECKPOINTS_SQL,
  COMMANDS_SQL,
  DAYS_SQL,
  PURPOSES_SQL,
  STANDING_SQL,
  STANDINGS_AFTER_SQL,
  STRAYS_SQL,
  TRANSFERS_SQL,
} from './audit-sql.js';
import { DERIVED_SQL } from './derived-sql.js';

/** One page of batches; two are in memory at a time. */
const PAGE_BATCHES_MAX = 16;
/** 512 commands of 64 transfers. */
const BATCH_TRANSFERS_MAX = 512 * 64;

/** The ledger's rows in one read-only transaction, so that all of them are of one moment. */
export class PostgresAudit implements AuditReads {
  constructor(private readonly pool: Pool) {}

  atOneMoment<T>(work: (rows: AuditRows) => Promise<T>): Promise<T> {
    return onConnection(this.pool, async (client) => {
      await client.query('begin isolation level repeatable read, read only');
      // An audit takes as long as it takes.
      await client.query('set local idle_in_transaction_session_timeout = 0');
      const done = await work(auditRowsOn(client));
      await client.query('commit');
      return done;
    });
  }
}

/** As the transaction of this connection sees them. */
export function auditRowsOn(client: ClientBase): AuditRows {
  return new RowsOfNow(client);
}

class RowsOfNow implements AuditRows {
  constructor(private readonly client: ClientBase) {}

  async standing() {
    const [head] = await this.rows<HeadRow>(STANDING_SQL);
    const [chain] = await this.rows<ChainRow>(CHAIN_SQL);
    const accounts = await this.rows<AccountRow>(ACCOUNTS_SQL);
    const purposes = await this.rows<{ purpose: string }>(PURPOSES_SQL);
    return {
      head,
      chain,
      accounts: new Map(accounts.map((account) => [account.id, account])),
      purposes: purposes.map(({ purpose }) => purpose),
    };
  }

  async *batchesAfter(no: bigint): AsyncGenerator<BatchContent> {
    let page = await this.page(no.toString());
    for (let last = page.at(-1); last !== undefined; last = page.at(-1)) {
      const following = await this.page(last.no);
      yield* await this.contents(page, following[0] ?? null);
      page = following;
    }
  }

  async standingsAfter(seq: bigint): Promise<ReadonlyMap<string, Standing>> {
    const rows = await this.rows<{ account: string; version: string; balance: string }>(
      STANDINGS_AFTER_SQL,
      [seq.toString()],
    );
    const standing = ({ version, balance }: { version: string; balance: string }): Standing => ({
      version: BigInt(version),
      balance: BigInt(balance),
    });
    return new Map(rows.map((row) => [row.account, standing(row)]));
  }

  checkpoints(): Promise<readonly CheckpointRow[]> {
    return this.rows<CheckpointRow>(CHECKPOINTS_SQL);
  }

  async firstStray(): Promise<Finding | undefined> {
    const [stray] = await this.rows<Finding>(STRAYS_SQL);
    if (stray !== undefined) return stray;
    for (const sql of [DAYS_SQL, ...DERIVED_SQL]) {
      const [row] = await this.rows<ComparedRow>(sql);
      if (row !== undefined) return findingOf(row);
    }
    return undefined;
  }

  private async page(after: string): Promise<BatchRow[]> {
    const found = await this.rows<FoundBatch>(BATCHES_SQL, [after, PAGE_BATCHES_MAX]);
    return found.map(toBatchRow);
  }

  private async contents(
    page: readonly BatchRow[],
    following: BatchRow | null,
  ): Promise<BatchContent[]> {
    const [first] = page;
    const last = page.at(-1);
    invariant(first !== undefined && last !== undefined, 'a page has batches');
    const commands = await this.rows<CommandRow>(COMMANDS_SQL, [first.no, last.no]);
    const ends = page.map(endOf).reduce((most, end) => (end > most ? end : most), 0n);
    const range = [first.firstSeq, ends.toString()];
    const transfers = await this.rows<TransferRow>(TRANSFERS_SQL, range);
    const byBatch = new Map<string, CommandRow[]>();
    for (const command of commands) {
      const known = byBatch.get(command.batch);
      if (known === undefined) byBatch.set(command.batch, [command]);
      else known.push(command);
    }
    const bySeq = new Map(transfers.map((transfer) => [transfer.seq, transfer]));
    return page.map((batch, index) => ({
      batch,
      commands: byBatch.get(batch.no) ?? [],
      transfers: inRange(bySeq, batch),
      next: page[index + 1] ?? following,
    }));
  }

  private async rows<Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> {
    const { rows } = await this.client.query<Row & QueryResultRow>(sql, values);
    return rows;
  }
}

function endOf({ firstSeq, transferCount }: BatchRow): bigint {
  // A count that somebody changed must not make this a search without an end.
  const count = Math.min(Number(transferCount), BATCH_TRANSFERS_MAX);
  return BigInt(firstSeq) + BigInt(count) - 1n;
}

function inRange(bySeq: ReadonlyMap<string, TransferRow>, batch: BatchRow): TransferRow[] {
  const found: TransferRow[] = [];
  for (let seq = BigInt(batch.firstSeq); seq <= endOf(batch); seq += 1n) {
    const transfer = bySeq.get(seq.toString());
    if (transfer !== undefined) found.push(transfer);
  }
  return found;
}

type Compared = Readonly<Record<string, string | boolean | null>>;

interface ComparedRow {
  readonly table: string;
  /** The column that is named when a row is missing, or there is one too many. */
  readonly name: string;
  readonly key: string;
  readonly expected: Compared | null;
  readonly found: Compared | null;
}

function findingOf({ table, name, key, expected, found }: ComparedRow): Finding {
  if (expected === null || found === null) {
    const [wanted, there] = expected === null ? [NOTHING, key] : [key, NOTHING];
    return { table, key, column: name, expected: wanted, found: there };
  }
  const column = Object.keys(expected).find((each) => expected[each] !== found[each]) ?? name;
  const text = (value: string | boolean | null | undefined): string => String(value ?? NOTHING);
  return { table, key, column, expected: text(expected[column]), found: text(found[column]) };
}
