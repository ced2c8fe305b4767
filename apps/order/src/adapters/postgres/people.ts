import type { EntityManager } from 'typeorm';
import type { Database } from '@stuiver/postgres';
import type {
  NewPersonKey,
  NewSession,
  PeopleStore,
  PeopleWrites,
  Person,
  PinHash,
  StoredPin,
} from '../../use-cases/people-ports.js';

/** Of a row `p` with a `user_id`: nobody asked to erase this person. */
const IS_LIVING = 'not exists (select from people.erasure e where e.user_id = p.user_id)';

/** Persons, sessions and PINs in schema `people`, as its own role. */
export class PostgresPeople implements PeopleStore {
  constructor(private readonly database: Database) {}

  run<T>(work: (writes: PeopleWrites) => Promise<T>): Promise<T> {
    return this.database.run((tx) => work(new PostgresPeopleWrites(tx)));
  }

  async person(userId: string): Promise<Person | undefined> {
    const [row] = await this.database.query<{
      guest: boolean;
      name_sealed: Buffer | null;
      has_pin: boolean;
    }>(
      `select p.guest, p.name_sealed, pin.user_id is not null as has_pin
       from people.person p left join people.pin pin on pin.user_id = p.user_id
       where p.user_id = $1`,
      [userId],
    );
    if (row === undefined) return undefined;
    return { userId, guest: row.guest, nameSealed: row.name_sealed, hasPin: row.has_pin };
  }

  async userOfSession(tokenSha256: Uint8Array, now: Date): Promise<string | undefined> {
    return this.user(
      `select p.user_id from people.session p
       where p.token_sha256 = $1 and p.expires_at > $2 and ${IS_LIVING}`,
      [Buffer.from(tokenSha256), now],
    );
  }

  async userOfRecovery(codeSha256: Uint8Array): Promise<string | undefined> {
    return this.user(
      `select p.user_id from people.recovery p where p.code_sha256 = $1 and ${IS_LIVING}`,
      [Buffer.from(codeSha256)],
    );
  }

  async personKey(userId: string): Promise<Uint8Array | undefined> {
    const [row] = await this.database.query<{ key_sealed: Buffer }>(
      `select p.key_sealed from people.person_key p where p.user_id = $1 and ${IS_LIVING}`,
      [userId],
    );
    return row?.key_sealed;
  }

  async forgetSession(tokenSha256: Uint8Array): Promise<void> {
    const sql = 'delete from people.session where token_sha256 = $1';
    await this.database.query(sql, [Buffer.from(tokenSha256)]);
  }

  async forgetSessions(expiredBefore: Date): Promise<void> {
    await this.database.query('delete from people.session where expires_at < $1', [expiredBefore]);
  }

  private async user(sql: string, parameters: readonly unknown[]): Promise<string | undefined> {
    const [row] = await this.database.query<{ user_id: string }>(sql, parameters);
    return row?.user_id;
  }
}

class PostgresPeopleWrites implements PeopleWrites {
  constructor(private readonly tx: EntityManager) {}

  async insertGuest(person: { userId: string; createdAt: Date }): Promise<void> {
    await this.tx.query(
      'insert into people.person (user_id, guest, created_at) values ($1, true, $2)',
      [person.userId, person.createdAt],
    );
  }

  async keep(person: { userId: string; nameSealed: Uint8Array; at: Date }): Promise<boolean> {
    const [, count] = await this.tx.query<[unknown[], number]>(
      `update people.person set guest = false, name_sealed = $2, kept_at = $3
       where user_id = $1 and guest`,
      [person.userId, Buffer.from(person.nameSealed), person.at],
    );
    return count === 1;
  }

  async insertSession(session: NewSession): Promise<boolean> {
    const rows = await this.tx.query<unknown[]>(
      `insert into people.session (token_sha256, user_id, created_at, expires_at)
       select $1, p.user_id, $3, $4 from people.person p
       where p.user_id = $2 and ${IS_LIVING} returning user_id`,
      [Buffer.from(session.tokenSha256), session.userId, session.createdAt, session.expiresAt],
    );
    return rows.length === 1;
  }

  async insertPersonKey({ userId, keySealed, createdAt }: NewPersonKey): Promise<boolean> {
    const rows = await this.tx.query<unknown[]>(
      `insert into people.person_key (user_id, key_sealed, created_at)
       select p.user_id, $2, $3 from people.person p
       where p.user_id = $1 and ${IS_LIVING} on conflict do nothing returning user_id`,
      [userId, Buffer.from(keySealed), createdAt],
    );
    return rows.length === 1;
  }

  async setPin(pin: PinHash & { userId: string; at: Date }): Promise<void> {
    await this.tx.query(
      'insert into people.pin (user_id, salt, hash, set_at) values ($1, $2, $3, $4)',
      [pin.userId, Buffer.from(pin.salt), Buffer.from(pin.hash), pin.at],
    );
  }

  async lockPin(userId: string): Promise<StoredPin | undefined> {
    const [row] = await this.tx.query<
      { salt: Buffer; hash: Buffer; wrong_tries: number; locked_until: Date | null }[]
    >(
      `select salt, hash, wrong_tries, locked_until from people.pin where user_id = $1 for update`,
      [userId],
    );
    if (row === undefined) return undefined;
    const { salt, hash, wrong_tries, locked_until } = row;
    return { salt, hash, wrongTries: wrong_tries, lockedUntil: locked_until };
  }

  async saveTries(
    userId: string,
    tries: { wrongTries: number; lockedUntil: Date | null },
  ): Promise<void> {
    await this.tx.query(
      'update people.pin set wrong_tries = $2, locked_until = $3 where user_id = $1',
      [userId, tries.wrongTries, tries.lockedUntil],
    );
  }

  async setRecovery(recovery: { userId: string; codeSha256: Uint8Array; at: Date }): Promise<void> {
    await this.tx.query(
      'insert into people.recovery (user_id, code_sha256, created_at) values ($1, $2, $3)',
      [recovery.userId, Buffer.from(recovery.codeSha256), recovery.at],
    );
  }
}
