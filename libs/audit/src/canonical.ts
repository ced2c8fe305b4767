import { createHash } from 'node:crypto';
import { netstrings } from '@stuiver/proof';
import type { AuditFacts } from '@stuiver/ports';

/** What an entry says of itself, in the order in which its digests stand. */
export const AUDIT_COLUMNS = [
  'no',
  'at',
  'actor_kind',
  'actor_id',
  'act',
  'subject_kind',
  'subject_id',
  'before',
  'after',
  'reason',
  'request_id',
  'ip',
] as const;
export type AuditColumn = (typeof AUDIT_COLUMNS)[number];

/** As text, instants as `instant` of libs/proof writes them; null for what is absent. */
export type AuditValues = Readonly<Record<AuditColumn, string | null>>;

// The database writes the same texts (`audit_sha256`, `chain_audit_entry`), and what is written here never changes.

/** What the first entry stands on. 64 hex digits. */
export function genesisOf(schema: string, chainId: string): string {
  return sha256(netstrings(['stuiver.audit-genesis.v1', schema, chainId]));
}

export function digestOf(column: AuditColumn, value: string | null): string {
  return sha256(netstrings([column, value]));
}

export function digestsOf(values: AuditValues): string {
  return AUDIT_COLUMNS.map((column) => digestOf(column, values[column])).join('');
}

export function hashOf(previousHash: string, digests: string): string {
  return sha256(netstrings(['stuiver.audit.v1', previousHash, digests]));
}

/** The same facts give the same text: keys in order, no blanks. */
export function factsText(facts: AuditFacts): string {
  return JSON.stringify(facts, Object.keys(facts).sort());
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
