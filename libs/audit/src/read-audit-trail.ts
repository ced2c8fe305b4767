import type { AuditRecord } from '@stuiver/console-api';
import type { AuditAct } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import type { AuditSchema } from './postgres-audit-trail.js';

export interface AuditSearch {
  /** Entries with a lower number. */
  readonly before: string | null;
  readonly act: string | null;
  /** A staff id, `operator` or `system`. */
  readonly actor: string | null;
  readonly subject: string | null;
  /** Days in Amsterdam such as 2026-11-24, both included. */
  readonly from: string | null;
  readonly to: string | null;
  readonly limit: number;
}

export const NO_AUDIT_SEARCH: Omit<AuditSearch, 'limit'> = {
  ...{ before: null, act: null, actor: null, subject: null, from: null, to: null },
};

interface Row {
  readonly no: string;
  readonly at: Date;
  readonly actor_kind: AuditRecord['actorKind'];
  readonly actor_id: string | null;
  readonly act: AuditAct;
  readonly subject_kind: string;
  readonly subject_id: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly reason: string | null;
  readonly request_id: string | null;
  readonly ip: string | null;
  readonly hash: string;
}

/** Newest first. */
export async function readAuditTrail(
  database: Pick<Database, 'query'>,
  schema: AuditSchema,
  search: AuditSearch,
): Promise<readonly AuditRecord[]> {
  const { before, act, actor, subject, from, to, limit } = search;
  const rows = await database.query<Row>(
    `select no::text as no, at, actor_kind, actor_id, act, subject_kind, subject_id, before, after, reason, request_id, ip, hash
     from ${schema}.audit_entry e
     where ($1::bigint is null or e.no < $1) and ($2::text is null or e.act = $2)
       and ($3::text is null or e.actor_id = $3 or (e.actor_kind = $3 and e.actor_id is null))
       and ($4::text is null or e.subject_id = $4)
       and ($5::date is null or e.at >= ($5::date)::timestamp at time zone 'Europe/Amsterdam')
       and ($6::date is null or e.at < ($6::date + 1)::timestamp at time zone 'Europe/Amsterdam')
     order by e.no desc limit $7`,
    [before, act, actor, subject, from, to, limit],
  );
  return rows.map((row) => ({
    ...{ no: row.no, at: row.at.toISOString(), actorKind: row.actor_kind, actorId: row.actor_id },
    ...{ act: row.act, subjectKind: row.subject_kind, subjectId: row.subject_id },
    ...{ before: row.before, after: row.after, reason: row.reason },
    ...{ requestId: row.request_id, ip: row.ip, hash: row.hash },
  }));
}
