import { invariant } from '@stuiver/errors';
import type { Database } from '@stuiver/postgres';
import type { Openids } from '../../use-cases/ports.js';
import type { LoginCodes } from '../../use-cases/redeem-login-code.js';

export class PostgresOpenids implements Openids {
  constructor(private readonly database: Database) {}

  async find(appid: string, userId: string): Promise<string | undefined> {
    const [row] = await this.database.query<{ openid: string }>(
      'select openid from orders.openid where appid = $1 and user_id = $2',
      [appid, userId],
    );
    return row?.openid;
  }

  /** Two first logins at once: one openid is kept, both get that one. */
  async keep(id: { appid: string; userId: string; openid: string; at: Date }): Promise<string> {
    await this.database.query(
      `insert into orders.openid (appid, user_id, openid, created_at) values ($1, $2, $3, $4)
       on conflict (appid, user_id) do nothing`,
      [id.appid, id.userId, id.openid, id.at],
    );
    const kept = await this.find(id.appid, id.userId);
    invariant(kept !== undefined, 'an openid is never deleted');
    return kept;
  }

  async userOf(appid: string, openid: string): Promise<string | undefined> {
    const [row] = await this.database.query<{ user_id: string }>(
      'select user_id from orders.openid where appid = $1 and openid = $2',
      [appid, openid],
    );
    return row?.user_id;
  }
}

export class PostgresLoginCodes implements LoginCodes {
  constructor(private readonly database: Database) {}

  async insert(code: {
    sha256: Uint8Array;
    appid: string;
    userId: string;
    createdAt: Date;
    expiresAt: Date;
  }): Promise<void> {
    await this.database.query(
      `insert into orders.login_code (code_sha256, appid, user_id, created_at, expires_at)
       values ($1, $2, $3, $4, $5)`,
      [Buffer.from(code.sha256), code.appid, code.userId, code.createdAt, code.expiresAt],
    );
  }

  async use(code: { sha256: Uint8Array; appid: string; now: Date }): Promise<string | undefined> {
    const [row] = await this.database.query<{ user_id: string }>(
      `update orders.login_code set used_at = $3
       where code_sha256 = $1 and appid = $2 and used_at is null and expires_at > $3
       returning user_id`,
      [Buffer.from(code.sha256), code.appid, code.now],
    );
    return row?.user_id;
  }

  async wasUsed(code: { sha256: Uint8Array; appid: string }): Promise<boolean> {
    const rows = await this.database.query(
      'select 1 from orders.login_code where code_sha256 = $1 and appid = $2 and used_at is not null',
      [Buffer.from(code.sha256), code.appid],
    );
    return rows.length === 1;
  }

  async forget(expiredBefore: Date): Promise<void> {
    const sql = 'delete from orders.login_code where expires_at < $1';
    await this.database.query(sql, [expiredBefore]);
  }
}
