export type { StaffRole } from '@stuiver/console-api';
export {
  maySeeMerchant,
  requireMerchant,
  requireRole,
  requireTill,
  type StaffClaims,
} from './claims.js';
export { cookieOf } from './cookie.js';
export { requireCsrfToken, requireOwnPage } from './own-page.js';
export { Needs, SignedIn, staffProviders, STAFF_SESSIONS, StaffGuard } from './staff.guard.js';
export { STAFF_SESSION_MS, StaffSessions, type StaffSessionOptions } from './staff-sessions.js';
