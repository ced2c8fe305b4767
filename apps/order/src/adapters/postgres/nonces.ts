import type { Database } from '@stuiver/postgres';

/** Twice the clock tolerance and then some: after that a repeat is refused for its age. */
const KEEP_MS = 15 * 60_000;
const FORGET_ROWS_MAX = 5_000;

/** Which nonce belongs to which request. */
export class PostgresNonces {
  constructor(private readonly database: Database) {}

  /**
   * True for a new nonce, and for the identical request again (clients resend what they got no answer to); false when
   * the nonce belongs to another request.
   *
   * The row is committed without waiting for the disk: a power cut forgets at most the last moments, and what it
   * guards against needs the merchant's own key anyway.
   */
  async take(use: {
    mchid: string;
    nonce: string;
    fingerprint: Uint8Array;
    now: Date;
  }): Promise<boolean> {
    const values = [use.mchid, use.nonce, Buffer.from(use.fingerprint), use.now];
    const [row] = await this.database.query<{ is_same: boolean | null }>(
      `with quick as (select set_config('synchronous_commit', 'off', true) as off),
       fresh as (
         insert into orders.request_nonce (mchid, nonce, fingerprint, seen_at)
         select $1, $2, $3, $4 from quick where off is not null
         on conflict (mchid, nonce) do nothing returning true)
       select coalesce(
         (select true from fresh),
         (select fingerprint = $3 from orders.request_nonce where mchid = $1 and nonce = $2)) as is_same`,
      values,
    );
    return row?.is_same ?? this.isSame(values);
  }

  /** A twin committed between our snapshot and our insert: now it can be seen. */
  private async isSame(values: readonly unknown[]): Promise<boolean> {
    const [row] = await this.database.query<{ is_same: boolean }>(
      'select fingerprint = $3 as is_same from orders.request_nonce where mchid = $1 and nonce = $2',
      values.slice(0, 3),
    );
    return row?.is_same ?? true;
  }

  /** @returns true when there may be more to forget. */
  async forget(now: Date): Promise<boolean> {
    const rows = await this.database.query<unknown>(
      `delete from orders.request_nonce where (mchid, nonce) in (
         select mchid, nonce from orders.request_nonce where seen_at < $1 order by seen_at limit $2)
       returning 1`,
      [new Date(now.getTime() - KEEP_MS), FORGET_ROWS_MAX],
    );
    return rows.length === FORGET_ROWS_MAX;
  }
}
