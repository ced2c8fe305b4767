export const STAFF_ROLES = ['cashier', 'merchant', 'finance', 'operator'] as const;
export type StaffRole = (typeof STAFF_ROLES)[number];

/** A person who works with the consoles. */
export interface Staff {
  /** `stf_…` */
  readonly id: string;
  /** In lower case; one person per address. */
  readonly email: string;
  readonly name: string;
  readonly roles: readonly StaffRole[];
  /** Which merchants the roles `merchant` and `cashier` are about; empty without them. */
  readonly merchants: readonly string[];
  readonly createdAt: Date;
  readonly disabledAt: Date | null;
}

/** What one may, said in the same order however it was given. */
export function rightsOf(staff: Pick<Staff, 'roles' | 'merchants'>): {
  roles: readonly StaffRole[];
  merchants: readonly string[];
} {
  return {
    roles: STAFF_ROLES.filter((role) => staff.roles.includes(role)),
    merchants: [...new Set(staff.merchants)].sort(),
  };
}

/** Addresses differ in letter case only by accident. */
export function plainEmail(text: string): string {
  return text.trim().toLowerCase();
}
