import type { EntityManager } from 'typeorm';
import type { PostgresAuditTrail } from '@stuiver/audit';
import type { Database } from '@stuiver/postgres';
import type { Staff } from '../../domain/staff.js';
import type { MailWrites } from '../../use-cases/mail/mail.js';
import type {
  PasswordHash,
  StaffSession,
  StaffStore,
  StaffTries,
  StaffWrites,
} from '../../use-cases/staff/staff-ports.js';
import { STAFF_COLUMNS, type StaffRow, toStaff } from './staff-rows.js';
import { PostgresStaffWrites } from './staff-writes.js';

/** Counted tries are forgotten after this; longer than any window. */
const TRIES_LIFE_MS = 86_400_000;

export class PostgresStaff implements StaffStore, StaffTries {
  constructor(
    private readonly database: Database,
    private readonly mailOf: (tx: EntityManager) => MailWrites,
    private readonly trail: PostgresAuditTrail,
  ) {}

  run<T>(work: (writes: StaffWrites) => Promise<T>): Promise<T> {
    return this.database.run((tx) =>
      work(new PostgresStaffWrites(tx, { mail: this.mailOf(tx), trail: this.trail })),
    );
  }

  async all(): Promise<readonly Staff[]> {
    const sql = `select ${STAFF_COLUMNS} from orders.staff s order by s.email`;
    return (await this.database.query<StaffRow>(sql)).map(toStaff);
  }

  byEmail(email: string): Promise<Staff | undefined> {
    return this.one('orders.staff s where s.email = $1', [email]);
  }

  byId(id: string): Promise<Staff | undefined> {
    return this.one('orders.staff s where s.id = $1', [id]);
  }

  async passwordOf(email: string): Promise<(PasswordHash & { staffId: string }) | undefined> {
    const [row] = await this.database.query<{ id: string; salt: Buffer; hash: Buffer }>(
      `select id, password_salt as salt, password_hash as hash from orders.staff
       where email = $1 and disabled_at is null and password_hash is not null`,
      [email],
    );
    return row && { staffId: row.id, salt: row.salt, hash: row.hash };
  }

  invited(tokenSha256: Uint8Array, now: Date): Promise<Staff | undefined> {
    return this.one(
      `orders.staff_invitation i join orders.staff s on s.id = i.staff_id
       where i.token_sha256 = $1 and i.used_at is null and i.expires_at > $2 and s.disabled_at is null`,
      [Buffer.from(tokenSha256), now],
    );
  }

  async session(tokenSha256: Uint8Array): Promise<StaffSession | undefined> {
    const [row] = await this.database.query<{
      staff_id: string;
      created_at: Date;
      renewed_at: Date;
      expires_at: Date;
    }>(
      `select staff_id, created_at, renewed_at, expires_at from orders.staff_session
       where token_sha256 = $1`,
      [Buffer.from(tokenSha256)],
    );
    if (row === undefined) return undefined;
    return {
      tokenSha256,
      staffId: row.staff_id,
      createdAt: row.created_at,
      renewedAt: row.renewed_at,
      expiresAt: row.expires_at,
    };
  }

  async saveRenewed(tokenSha256: Uint8Array, at: Date): Promise<void> {
    await this.database.query(
      'update orders.staff_session set renewed_at = greatest(renewed_at, $2) where token_sha256 = $1',
      [Buffer.from(tokenSha256), at],
    );
  }

  async forgetOld(now: Date): Promise<void> {
    for (const table of ['staff_session', 'staff_invitation', 'oidc_record']) {
      await this.database.query(`delete from orders.${table} where expires_at < $1`, [now]);
    }
    const since = new Date(now.getTime() - TRIES_LIFE_MS);
    await this.database.query('delete from orders.staff_try where since < $1', [since]);
  }

  async merchantNames(mchids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await this.database.query<{ mchid: string; name: string }>(
      'select mchid, name from orders.merchant where mchid = any ($1) order by mchid',
      [mchids],
    );
    return new Map(rows.map(({ mchid, name }) => [mchid, name]));
  }

  async count(
    key: Uint8Array,
    at: Date,
    windowStart: Date,
  ): Promise<{ tries: number; since: Date }> {
    const [row] = await this.database.query<{ tries: number; since: Date }>(
      `insert into orders.staff_try as t (key_sha256, tries, since) values ($1, 1, $2)
       on conflict (key_sha256) do update set
         tries = case when t.since <= $3 then 1 else least(t.tries + 1, 1000000) end,
         since = case when t.since <= $3 then $2 else t.since end
       returning tries, since`,
      [Buffer.from(key), at, windowStart],
    );
    return row ?? { tries: 1, since: at };
  }

  async forget(key: Uint8Array): Promise<void> {
    const sql = 'delete from orders.staff_try where key_sha256 = $1';
    await this.database.query(sql, [Buffer.from(key)]);
  }

  private async one(from: string, parameters: readonly unknown[]): Promise<Staff | undefined> {
    const sql = `select ${STAFF_COLUMNS} from ${from}`;
    const [row] = await this.database.query<StaffRow>(sql, parameters);
    return row && toStaff(row);
  }
}
