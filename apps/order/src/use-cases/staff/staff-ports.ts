import type { AuditWrites } from '@stuiver/ports';
import type { Staff } from '../../domain/staff.js';
import type { MailWrites } from '../mail/mail.js';

export interface PasswordHash {
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
}

export interface StaffSession {
  readonly tokenSha256: Uint8Array;
  readonly staffId: string;
  readonly createdAt: Date;
  readonly renewedAt: Date;
  readonly expiresAt: Date;
}

/** What may be written about staff inside one transaction. */
export interface StaffWrites extends MailWrites, AuditWrites {
  /** False when the address is taken. */
  insert(staff: Staff): Promise<boolean>;
  /** Locked until the transaction ends. */
  lock(by: { id: string } | { email: string }): Promise<Staff | undefined>;
  /** Who works for the merchant, without those who left. */
  peopleOf(mchid: string): Promise<readonly Staff[]>;
  hasPassword(staffId: string): Promise<boolean>;
  saveRights(staff: Pick<Staff, 'id' | 'roles' | 'merchants' | 'disabledAt'>): Promise<void>;
  setPassword(staffId: string, password: PasswordHash): Promise<void>;

  /** Earlier invitations of this person are good for nothing from now on. */
  replaceInvitations(invitation: {
    tokenSha256: Uint8Array;
    staffId: string;
    createdAt: Date;
    expiresAt: Date;
  }): Promise<void>;
  /** Uses an unused, living invitation up, and says whose it was. */
  useInvitation(tokenSha256: Uint8Array, now: Date): Promise<string | undefined>;

  insertSession(session: StaffSession): Promise<void>;
  /** @returns whose it was; nothing when there is none. */
  endSession(tokenSha256: Uint8Array): Promise<string | undefined>;
  endSessionsOf(staffId: string): Promise<void>;
}

/** Where staff are kept. */
export interface StaffStore {
  run<T>(work: (writes: StaffWrites) => Promise<T>): Promise<T>;
  all(): Promise<readonly Staff[]>;
  byEmail(email: string): Promise<Staff | undefined>;
  byId(id: string): Promise<Staff | undefined>;
  passwordOf(email: string): Promise<(PasswordHash & { staffId: string }) | undefined>;
  /** Whose invitation this is, without using it up. */
  invited(tokenSha256: Uint8Array, now: Date): Promise<Staff | undefined>;

  session(tokenSha256: Uint8Array): Promise<StaffSession | undefined>;
  saveRenewed(tokenSha256: Uint8Array, at: Date): Promise<void>;
  /** Sessions, invitations and counted tries that are over. */
  forgetOld(now: Date): Promise<void>;

  /** Merchant ids with their names, of those that exist. */
  merchantNames(mchids: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** Counts wrong passwords, in one place for all processes. */
export interface StaffTries {
  /** Counts one more, before the password is looked at. @returns the count in the present window. */
  count(key: Uint8Array, at: Date, windowStart: Date): Promise<{ tries: number; since: Date }>;
  forget(key: Uint8Array): Promise<void>;
}
