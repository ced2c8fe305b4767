import type { Staff, StaffRole } from '../../domain/staff.js';

export interface StaffRow {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly roles: StaffRole[];
  readonly merchants: string[];
  readonly created_at: Date;
  readonly disabled_at: Date | null;
}

export const STAFF_COLUMNS =
  's.id, s.email, s.name, s.roles, s.merchants, s.created_at, s.disabled_at';

export function toStaff(row: StaffRow): Staff {
  const { id, email, name, roles, merchants, created_at, disabled_at } = row;
  return { id, email, name, roles, merchants, createdAt: created_at, disabledAt: disabled_at };
}
