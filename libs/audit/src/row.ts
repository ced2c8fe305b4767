import type { AuditValues } from './canonical.js';

/** An entry as the database holds it, every column as text. */
export interface AuditRow extends AuditValues {
  readonly previous_hash: string;
  readonly digests: string;
  readonly hash: string;
}

export const ROW_COLUMNS = `no::text, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, actor_kind,
  actor_id, act, subject_kind, subject_id, before, after, reason, request_id, ip, previous_hash, digests, hash`;
