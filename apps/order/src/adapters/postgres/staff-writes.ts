import type { EntityManager } from 'typeorm';
import type { PostgresAuditTrail } from '@stuiver/audit';
import type { AuditEntry } from '@stuiver/ports';
import type { Staff } from '../../domain/staff.js';
import type { MailWrites, OwedMail } from '../../use-cases/mail/mail.js';
import type { PasswordHash, StaffSession, StaffWrites } from '../../use-cases/staff/staff-ports.js';
import { STAFF_COLUMNS, type StaffRow, toStaff } from './staff-rows.js';

export class PostgresStaffWrites implements StaffWrites {
  constructor(
    private readonly tx: EntityManager,
    private readonly books: { mail: MailWrites; trail: PostgresAuditTrail },
  ) {}

  audit(entry: AuditEntry): Promise<void> {
    return this.books.trail.append(this.tx, entry);
  }

  oweMail(mail: OwedMail): Promise<void> {
    return this.books.mail.oweMail(mail);
  }

  async insert(staff: Staff): Promise<boolean> {
    const rows = await this.tx.query<unknown[]>(
      `insert into orders.staff (id, email, name, roles, merchants, created_at)
       values ($1, $2, $3, $4, $5, $6) on conflict (email) do nothing returning 1`,
      [staff.id, staff.email, staff.name, staff.roles, staff.merchants, staff.createdAt],
    );
    return rows.length === 1;
  }

  async lock(by: { id: string } | { email: string }): Promise<Staff | undefined> {
    const [column, value] = 'id' in by ? ['id', by.id] : ['email', by.email];
    const [row] = await this.tx.query<StaffRow[]>(
      `select ${STAFF_COLUMNS} from orders.staff s where s.${column} = $1 for update`,
      [value],
    );
    return row && toStaff(row);
  }

  async peopleOf(mchid: string): Promise<readonly Staff[]> {
    const rows = await this.tx.query<StaffRow[]>(
      `select ${STAFF_COLUMNS} from orders.staff s
       where $1 = any (s.merchants) and s.disabled_at is null order by s.id`,
      [mchid],
    );
    return rows.map(toStaff);
  }

  async hasPassword(staffId: string): Promise<boolean> {
    const rows = await this.tx.query<unknown[]>(
      'select 1 from orders.staff where id = $1 and password_hash is not null',
      [staffId],
    );
    return rows.length === 1;
  }

  async saveRights(staff: Pick<Staff, 'id' | 'roles' | 'merchants' | 'disabledAt'>): Promise<void> {
    await this.tx.query(
      'update orders.staff set roles = $2, merchants = $3, disabled_at = $4 where id = $1',
      [staff.id, staff.roles, staff.merchants, staff.disabledAt],
    );
  }

  async setPassword(staffId: string, password: PasswordHash): Promise<void> {
    await this.tx.query(
      'update orders.staff set password_salt = $2, password_hash = $3 where id = $1',
      [staffId, Buffer.from(password.salt), Buffer.from(password.hash)],
    );
  }

  async replaceInvitations(invitation: {
    tokenSha256: Uint8Array;
    staffId: string;
    createdAt: Date;
    expiresAt: Date;
  }): Promise<void> {
    const { tokenSha256, staffId, createdAt, expiresAt } = invitation;
    await this.tx.query('delete from orders.staff_invitation where staff_id = $1', [staffId]);
    await this.tx.query(
      `insert into orders.staff_invitation (token_sha256, staff_id, created_at, expires_at)
       values ($1, $2, $3, $4)`,
      [Buffer.from(tokenSha256), staffId, createdAt, expiresAt],
    );
  }

  async useInvitation(tokenSha256: Uint8Array, now: Date): Promise<string | undefined> {
    const [rows] = await this.tx.query<[{ staff_id: string }[], number]>(
      `update orders.staff_invitation set used_at = $2
       where token_sha256 = $1 and used_at is null and expires_at > $2 returning staff_id`,
      [Buffer.from(tokenSha256), now],
    );
    return rows[0]?.staff_id;
  }

  async insertSession(session: StaffSession): Promise<void> {
    const { tokenSha256, staffId, createdAt, renewedAt, expiresAt } = session;
    await this.tx.query(
      `insert into orders.staff_session (token_sha256, staff_id, created_at, renewed_at, expires_at)
       values ($1, $2, $3, $4, $5)`,
      [Buffer.from(tokenSha256), staffId, createdAt, renewedAt, expiresAt],
    );
  }

  async endSession(tokenSha256: Uint8Array): Promise<string | undefined> {
    const [rows] = await this.tx.query<[{ staff_id: string }[], number]>(
      'delete from orders.staff_session where token_sha256 = $1 returning staff_id',
      [Buffer.from(tokenSha256)],
    );
    return rows[0]?.staff_id;
  }

  async endSessionsOf(staffId: string): Promise<void> {
    await this.tx.query('delete from orders.staff_session where staff_id = $1', [staffId]);
  }
}
