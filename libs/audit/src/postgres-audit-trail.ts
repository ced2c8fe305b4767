import { isIP } from 'node:net';
import { invariant } from '@stuiver/errors';
import { type AuditEntry, type Clock, currentActor, currentTrace } from '@stuiver/ports';
import { AUDIT_COLUMNS, type AuditValues, digestsOf, factsText, hashOf } from './canonical.js';
import { type AuditRow, ROW_COLUMNS } from './row.js';

/** Schemas with a chain of their own: one for each role that changes something for staff. */
export const AUDIT_SCHEMAS = ['orders', 'people', 'payout'] as const;
export type AuditSchema = (typeof AUDIT_SCHEMAS)[number];

/** A transaction that is open. */
export interface AuditTx {
  query<Rows>(sql: string, values: unknown[]): Promise<Rows>;
}

const REASON_CHARACTERS_MAX = 500;

/**
 * The trail of one schema. Whoever appends holds the chain's head until their transaction ends: append last. The
 * database writes number and hashes; what it wrote is derived again here before anything is committed.
 */
export class PostgresAuditTrail {
  constructor(
    private readonly schema: AuditSchema,
    private readonly clock: Clock,
  ) {}

  /** @throws InvariantBroken when the database chained something else than what was said. */
  async append(tx: AuditTx, entry: AuditEntry): Promise<void> {
    const actor = entry.actor ?? currentActor();
    const trace = currentTrace();
    const said = [
      ...[this.clock.now(), actor.kind, actor.kind === 'staff' ? actor.id : null, entry.act],
      ...[entry.subject.kind, entry.subject.id],
      ...[entry.before, entry.after].map((facts) => (facts ? factsText(facts) : null)),
      ...[entry.reason?.slice(0, REASON_CHARACTERS_MAX) ?? null, trace?.requestId ?? null],
      ipOf(trace?.ip),
    ];
    const [row] = await tx.query<AuditRow[]>(
      `insert into ${this.schema}.audit_entry
         (at, actor_kind, actor_id, act, subject_kind, subject_id, before, after, reason, request_id, ip)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning ${ROW_COLUMNS}`,
      said,
    );
    invariant(row !== undefined, 'an entry that is appended is there');
    invariant(isAsSaid(row, said) && isChained(row), 'the audit trail says what was done');
  }
}

/** Number and instant are as the database writes them; the rest is what was said. */
function isAsSaid(row: AuditValues, said: readonly unknown[]): boolean {
  const [, ...texts] = said;
  return AUDIT_COLUMNS.slice(2).every((column, index) => row[column] === texts[index]);
}

function isChained(row: AuditRow): boolean {
  const digests = digestsOf(row);
  return row.digests === digests && row.hash === hashOf(row.previous_hash, digests);
}

/** IPv6 with a zone is of this machine only, and no address to keep. */
function ipOf(ip: string | undefined): string | null {
  const plain = ip?.toLowerCase().replace(/%.*$/, '') ?? '';
  return isIP(plain) === 0 ? null : plain;
}
