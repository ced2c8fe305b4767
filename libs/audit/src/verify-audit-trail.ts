import type { Database } from '@stuiver/postgres';
import {
  AUDIT_COLUMNS,
  type AuditColumn,
  digestOf,
  digestsOf,
  genesisOf,
  hashOf,
} from './canonical.js';
import type { AuditSchema } from './postgres-audit-trail.js';
import { type AuditRow, ROW_COLUMNS } from './row.js';

/** The first row that is not as it must be. */
export interface AuditFinding {
  readonly schema: AuditSchema;
  readonly table: 'audit_entry' | 'audit_head';
  /** The entry's number; for the head, the number it tells. */
  readonly no: string;
  readonly column: string;
  readonly expected: string;
  readonly found: string;
}

export interface VerifiedTrail {
  readonly schema: AuditSchema;
  readonly chainId: string;
  /** How many entries are as they must be, and the hash of the last of them. */
  readonly entries: string;
  readonly hash: string;
  readonly finding: AuditFinding | null;
}

/** Where a chain once stood, kept somewhere else. */
export interface KnownPlace {
  readonly no: string;
  readonly hash: string;
}

interface Head {
  readonly id: string;
  readonly no: string;
  readonly hash: string;
}
type Found = Omit<AuditFinding, 'schema' | 'table'>;

const ROWS_PER_LOOK = 1_000;

/**
 * Derives a chain again from the database alone. What nobody can see from here: entries removed from the end together
 * with a head that was set back. A place that was noted elsewhere (`known`) shows that too, up to there.
 */
export async function verifyAuditTrail(
  database: Pick<Database, 'run'>,
  schema: AuditSchema,
  known?: KnownPlace,
): Promise<VerifiedTrail> {
  return database.run(async (tx) => {
    // One moment for head and entries: an append in between would look like a row too many.
    await tx.query('set transaction isolation level repeatable read, read only');
    const [head] = await tx.query<Head[]>(
      `select id::text, no::text, hash from ${schema}.audit_head`,
    );
    const chain = new Chain(schema, head, known);
    for (;;) {
      const rows = await tx.query<AuditRow[]>(
        `select ${ROW_COLUMNS} from ${schema}.audit_entry where no > $1 order by audit_entry.no limit $2`,
        [String(chain.no), ROWS_PER_LOOK],
      );
      const isBad = rows.some((row) => !chain.takes(row));
      if (isBad || rows.length < ROWS_PER_LOOK) break;
    }
    return chain.end();
  });
}

class Chain {
  no = 0n;
  private hash: string;
  private finding: AuditFinding | null = null;

  constructor(
    private readonly schema: AuditSchema,
    private readonly head: Head | undefined,
    private readonly known: KnownPlace | undefined,
  ) {
    this.hash = genesisOf(schema, head?.id ?? '');
    if (head === undefined) {
      this.find('audit_head', { no: '0', column: 'id', expected: 'one row', found: 'none' });
    }
  }

  /** False when it is not as it must be. */
  takes(row: AuditRow): boolean {
    if (this.finding !== null) return false;
    if (this.no === 0n && this.isOnOtherGenesis(row)) return false;
    const found = this.faultOf(row) ?? this.forgotten(row);
    if (found !== undefined) {
      this.find('audit_entry', found);
      return false;
    }
    this.no = BigInt(row.no ?? '');
    this.hash = row.hash;
    return true;
  }

  end(): VerifiedTrail {
    const { head, no, hash, known } = this;
    if (this.finding === null && head !== undefined) {
      const at = { no: head.no };
      const last = String(no);
      if (head.no !== last) {
        this.find('audit_head', { ...at, column: 'no', expected: last, found: head.no });
      } else if (head.hash !== hash) {
        this.find('audit_head', { ...at, column: 'hash', expected: hash, found: head.hash });
      } else if (known !== undefined && BigInt(known.no) > no) {
        const expected = `${known.no}, as noted`;
        this.find('audit_entry', { no: known.no, column: 'no', expected, found: 'no such entry' });
      }
    }
    const { schema, finding } = this;
    return { schema, chainId: head?.id ?? '', entries: String(no), hash, finding };
  }

  /** The first entry holds together and stands on another chain's beginning: the head tells a false id. */
  private isOnOtherGenesis(row: AuditRow): boolean {
    const isWhole = hashOf(row.previous_hash, digestsOf(row)) === row.hash;
    if (row.no !== '1' || !isWhole || row.previous_hash === this.hash) return false;
    const expected = 'the id whose hash the first entry stands on';
    const { id = '', no = '' } = this.head ?? {};
    this.find('audit_head', { no, column: 'id', expected, found: id });
    return true;
  }

  private faultOf(row: AuditRow): Found | undefined {
    const next = String(this.no + 1n);
    const at = { no: next };
    if (row.no !== next) return { ...at, column: 'no', expected: next, found: row.no ?? 'nothing' };
    if (row.previous_hash !== this.hash) {
      return { ...at, column: 'previous_hash', expected: this.hash, found: row.previous_hash };
    }
    const found = faultInside(row);
    return found && { ...at, ...found };
  }

  private forgotten(row: AuditRow): Found | undefined {
    const { known } = this;
    if (known?.no !== row.no || known.hash === row.hash) return undefined;
    const expected = `${known.hash}, as noted`;
    return { no: known.no, column: 'hash', expected, found: row.hash };
  }

  private find(table: AuditFinding['table'], found: Found): void {
    this.finding ??= { schema: this.schema, table, ...found };
  }
}

/** Columns, their digests and the hash over them: two agree, and the third was changed. */
function faultInside(row: AuditRow): Omit<Found, 'no'> | undefined {
  const digests = digestsOf(row);
  const hash = hashOf(row.previous_hash, digests);
  if (row.digests === digests) {
    if (row.hash === hash) return undefined;
    return { column: 'hash', expected: hash, found: row.hash };
  }
  if (row.hash === hash) return { column: 'digests', expected: digests, found: row.digests };
  const column = AUDIT_COLUMNS.find((name, index) => !isDigestAt(row, name, index)) ?? 'no';
  const place = AUDIT_COLUMNS.indexOf(column);
  const expected = `a value whose SHA-256 is ${digestAt(row, place)}`;
  return { column, expected, found: row[column] ?? 'null' };
}

function isDigestAt(row: AuditRow, column: AuditColumn, index: number): boolean {
  return digestAt(row, index) === digestOf(column, row[column]);
}

function digestAt({ digests }: AuditRow, index: number): string {
  return digests.slice(index * 64, (index + 1) * 64);
}
