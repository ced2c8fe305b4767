import type { Database } from '@stuiver/postgres';
import { PostgresAudit } from './adapters/postgres/postgres-audit.js';
import { VerifyLedger } from './use-cases/verify-ledger.js';

/** @param database  as the ledger's own role, which may read everything. */
export function auditOf(database: Database): VerifyLedger {
  return new VerifyLedger(new PostgresAudit(database.pool));
}
