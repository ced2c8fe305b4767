import type { EntityManager } from 'typeorm';
import type { PostgresAuditTrail } from '@stuiver/audit';
import type { AuditEntry } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import type { FeeOnRefund, PricesInForce } from '../../domain/price-list.js';
import {
  type PriceDecision,
  type PriceListName,
  type PriceListStore,
  type PriceListWrites,
  type PriceVersion,
  STANDARD_LIST,
} from '../../use-cases/prices/price-list-ports.js';
import type { PriceListReads } from '../../use-cases/prices/tell-prices.js';
import type { Query } from './order-reads.js';
import { fromLine, pricesInForce, type StoredLine, toLine } from './price-rows.js';

interface VersionRow {
  readonly id: string;
  readonly list: string;
  readonly valid_from: Date;
  readonly on_refund: FeeOnRefund;
  readonly lines: readonly StoredLine[];
  readonly maker: string;
  readonly made_at: Date;
  readonly decision: PriceDecision['kind'] | null;
  readonly checker: string | null;
  readonly decided_at: Date | null;
}

const VERSION = `select v.id, v.list, v.valid_from, v.on_refund, v.lines, v.maker, v.made_at,
    d.decision, d.checker, d.decided_at
  from orders.price_version v left join orders.price_decision d on d.version_id = v.id`;
/** Newest first. */
const IN_ORDER = 'order by v.valid_from desc, v.made_at desc, v.id';
const LISTS_SHOWN_MAX = 500;

/** Price lists and what became of their versions. */
export class PostgresPriceLists implements PriceListStore, PriceListReads {
  private readonly query: Query;

  constructor(
    private readonly database: Database,
    private readonly trail: PostgresAuditTrail,
  ) {
    this.query = (sql, parameters) => database.query(sql, parameters);
  }

  run<T>(work: (writes: PriceListWrites) => Promise<T>): Promise<T> {
    return this.database.run((tx) => work(new Writes(tx, this.trail)));
  }

  version(id: string): Promise<PriceVersion | undefined> {
    return versionOf(this.query, id);
  }

  versionsOf(list: PriceListName): Promise<readonly PriceVersion[]> {
    return versionsOf(this.query, list);
  }

  inForce(mchid: string, at: Date): Promise<PricesInForce | undefined> {
    return pricesInForce(this.query, mchid, at);
  }

  /** What waits for a decision, the soonest first. */
  async proposed(): Promise<readonly PriceVersion[]> {
    const sql = `${VERSION} where d.version_id is null order by v.valid_from, v.id limit $1`;
    const rows = await this.query<VersionRow>(sql, [LISTS_SHOWN_MAX]);
    return rows.map(toVersion);
  }

  async hasMerchant(mchid: string): Promise<boolean> {
    const sql = 'select 1 from orders.merchant where mchid = $1';
    return (await this.query(sql, [mchid])).length === 1;
  }

  /** Names of the staff who made these versions or decided on them. */
  async namesIn(versions: readonly PriceVersion[]): Promise<ReadonlyMap<string, string>> {
    const people = versions.flatMap(({ maker, decision }) => [maker, decision?.checker ?? maker]);
    const rows = await this.query<{ id: string; name: string }>(
      'select id, name from orders.staff where id = any ($1)',
      [people],
    );
    return new Map(rows.map(({ id, name }) => [id, name]));
  }

  /** Every merchant, and whether it has a list of its own. */
  async merchants(): Promise<readonly { mchid: string; name: string; hasOwnList: boolean }[]> {
    return this.query(
      `select m.mchid, m.name,
         exists (select 1 from orders.price_version v where v.list = m.mchid) as "hasOwnList"
       from orders.merchant m order by "hasOwnList" desc, m.mchid limit $1`,
      [LISTS_SHOWN_MAX],
    );
  }
}

class Writes implements PriceListWrites {
  private readonly query: Query;

  constructor(
    private readonly tx: EntityManager,
    private readonly trail: PostgresAuditTrail,
  ) {
    this.query = (sql, parameters) => tx.query(sql, [...parameters]);
  }

  async lockList(list: PriceListName): Promise<boolean> {
    await this.query(`select pg_advisory_xact_lock(hashtextextended('price-list:' || $1, 0))`, [
      list,
    ]);
    if (list === STANDARD_LIST) return true;
    const sql = 'select 1 from orders.merchant where mchid = $1';
    return (await this.query(sql, [list])).length === 1;
  }

  versionsOf(list: PriceListName): Promise<readonly PriceVersion[]> {
    return versionsOf(this.query, list);
  }

  async insert({ id, list, validFrom, onRefund, lines, maker, madeAt }: PriceVersion) {
    await this.query(
      `insert into orders.price_version (id, list, valid_from, on_refund, lines, maker, made_at)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [id, list, validFrom, onRefund, JSON.stringify(lines.map(fromLine)), maker, madeAt],
    );
  }

  async saveDecision(version: PriceVersion, { kind, checker, at }: PriceDecision): Promise<void> {
    const { id, list, validFrom, maker } = version;
    await this.query(
      `insert into orders.price_decision (version_id, list, valid_from, maker, decision, checker, decided_at)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [id, list, validFrom, maker, kind, checker, at],
    );
  }

  audit(entry: AuditEntry): Promise<void> {
    return this.trail.append(this.tx, entry);
  }
}

async function versionOf(query: Query, id: string): Promise<PriceVersion | undefined> {
  const [row] = await query<VersionRow>(`${VERSION} where v.id = $1`, [id]);
  return row && toVersion(row);
}

async function versionsOf(query: Query, list: PriceListName): Promise<readonly PriceVersion[]> {
  const rows = await query<VersionRow>(`${VERSION} where v.list = $1 ${IN_ORDER}`, [list]);
  return rows.map(toVersion);
}

function toVersion(row: VersionRow): PriceVersion {
  return {
    id: row.id,
    list: row.list,
    validFrom: row.valid_from,
    onRefund: row.on_refund,
    lines: row.lines.map(toLine),
    maker: row.maker,
    madeAt: row.made_at,
    decision: decisionOf(row),
  };
}

function decisionOf({ decision, checker, decided_at: at }: VersionRow): PriceDecision | null {
  if (decision === null || checker === null || at === null) return null;
  return { kind: decision, checker, at };
}
