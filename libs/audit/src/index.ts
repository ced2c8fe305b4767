export { AuditQuery, auditPageOf, isAuditDay, searchOf } from './audit-query.js';
export { AUDIT_SCHEMAS, type AuditSchema, PostgresAuditTrail } from './postgres-audit-trail.js';
export { type AuditSearch, NO_AUDIT_SEARCH, readAuditTrail } from './read-audit-trail.js';
export {
  type AuditFinding,
  type KnownPlace,
  type VerifiedTrail,
  verifyAuditTrail,
} from './verify-audit-trail.js';
