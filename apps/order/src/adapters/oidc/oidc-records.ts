import type { Adapter, AdapterPayload } from 'oidc-provider';
import { invariant } from '@stuiver/errors';
import type { Clock } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';

interface Row {
  readonly payload: AdapterPayload;
  readonly consumed_at: Date | null;
}

/** What the OpenID provider remembers, in PostgreSQL: a sign-in may begin at one replica and end at another. */
export class OidcRecords implements Adapter {
  constructor(
    private readonly model: string,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async upsert(id: string, payload: AdapterPayload, expiresInSeconds: number): Promise<void> {
    const expiresAt = new Date(this.clock.now().getTime() + expiresInSeconds * 1_000);
    await this.database.query(
      `insert into orders.oidc_record (model, id, payload, grant_id, uid, expires_at)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (model, id) do update set payload = excluded.payload, grant_id = excluded.grant_id,
         uid = excluded.uid, expires_at = excluded.expires_at`,
      [
        ...[this.model, id, JSON.stringify(payload)],
        ...[payload.grantId ?? null, payload.uid ?? null, expiresAt],
      ],
    );
  }

  find(id: string): Promise<AdapterPayload | undefined> {
    return this.one('id', id);
  }

  findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.one('uid', uid);
  }

  findByUserCode(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  /** Two that bring the same code at once: one of them gets no further. */
  async consume(id: string): Promise<void> {
    const rows = await this.database.query(
      `update orders.oidc_record set consumed_at = $3
       where model = $1 and id = $2 and consumed_at is null returning 1`,
      [this.model, id, this.clock.now()],
    );
    invariant(rows.length === 1, 'a code of the OpenID provider is used once');
  }

  async destroy(id: string): Promise<void> {
    await this.database.query('delete from orders.oidc_record where model = $1 and id = $2', [
      this.model,
      id,
    ]);
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    await this.database.query('delete from orders.oidc_record where grant_id = $1', [grantId]);
  }

  private async one(column: 'id' | 'uid', value: string): Promise<AdapterPayload | undefined> {
    const [row] = await this.database.query<Row>(
      `select payload, consumed_at from orders.oidc_record
       where model = $1 and ${column} = $2 and expires_at > $3`,
      [this.model, value, this.clock.now()],
    );
    if (row === undefined || row.consumed_at === null) return row?.payload;
    return { ...row.payload, consumed: Math.floor(row.consumed_at.getTime() / 1_000) };
  }
}
