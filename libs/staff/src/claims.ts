import type { StaffRole } from '@stuiver/console-api';
import { Refusal } from '@stuiver/errors';

/** What a staff cookie says about its bearer. True when it was issued; believed until `exp`, minutes later. */
export interface StaffClaims {
  /** `stf_…` */
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly roles: readonly StaffRole[];
  /** Merchant ids that the roles `merchant` and `cashier` are about. */
  readonly merchants: readonly string[];
  /** Sent back as `X-Csrf-Token`; the same for the whole sign-in. */
  readonly csrf: string;
  /** Seconds since 1970. */
  readonly iat: number;
  readonly exp: number;
}

/** Finance and operators see every merchant, a merchant's own people theirs. */
export function maySeeMerchant(claims: StaffClaims, mchid: string): boolean {
  if (claims.roles.includes('finance') || claims.roles.includes('operator')) return true;
  return claims.roles.includes('merchant') && claims.merchants.includes(mchid);
}

/** Somebody else's merchant does not exist. @throws Refusal NOT_FOUND */
export function requireMerchant(claims: StaffClaims, mchid: string): void {
  if (!maySeeMerchant(claims, mchid)) throw new Refusal('NOT_FOUND', { merchant: mchid });
}

/**
 * The till is used by a merchant's own people, its cashiers and operators. Somebody else's does not exist.
 *
 * @throws Refusal NOT_FOUND
 */
export function requireTill(claims: StaffClaims, mchid: string): void {
  if (claims.roles.includes('operator')) return;
  const isTheirs = claims.roles.includes('merchant') || claims.roles.includes('cashier');
  if (isTheirs && claims.merchants.includes(mchid)) return;
  throw new Refusal('NOT_FOUND', { merchant: mchid });
}

/** @throws Refusal ROLE_MISSING when none of the named roles is theirs */
export function requireRole(claims: StaffClaims, roles: readonly StaffRole[]): void {
  if (roles.some((role) => claims.roles.includes(role))) return;
  throw new Refusal('ROLE_MISSING', { rule: `needs the role ${roles.join(' or ')}` });
}
