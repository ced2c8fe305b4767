import type { PostgresAuditTrail } from '@stuiver/audit';
import type { Database } from '@stuiver/postgres';
import type { AccessStore } from '../../use-cases/merchant-access.js';

interface Access {
  readonly tokenSha256: Uint8Array;
  readonly merchantId: string;
  readonly expiresAt: Date;
}

/** Only hashes of links and sessions are kept: a stolen table opens nothing. */
export class PostgresAccess implements AccessStore {
  constructor(
    private readonly database: Database,
    private readonly trail: PostgresAuditTrail,
  ) {}

  async keepLink({ tokenSha256, merchantId, expiresAt }: Access): Promise<void> {
    await this.database.run(async (tx) => {
      await tx.query(
        'insert into payout.merchant_link (token_sha256, merchant_id, expires_at) values ($1, $2, $3)',
        [tokenSha256, merchantId, expiresAt],
      );
      const subject = { kind: 'merchant', id: merchantId } as const;
      const after = { expiresAt: expiresAt.toISOString() };
      await this.trail.append(tx, { act: 'settlement-link-given', subject, after });
    });
  }

  async useLink(tokenSha256: Uint8Array, now: Date): Promise<string | undefined> {
    const [row] = await this.database.query<{ merchant_id: string }>(
      `update payout.merchant_link set used_at = $2
       where token_sha256 = $1 and used_at is null and expires_at > $2 returning merchant_id`,
      [tokenSha256, now],
    );
    return row?.merchant_id;
  }

  async keepSession({ tokenSha256, merchantId, expiresAt }: Access): Promise<void> {
    await this.database.query(
      'insert into payout.merchant_session (token_sha256, merchant_id, expires_at) values ($1, $2, $3)',
      [tokenSha256, merchantId, expiresAt],
    );
  }

  async findSession(tokenSha256: Uint8Array, now: Date): Promise<string | undefined> {
    const [row] = await this.database.query<{ merchant_id: string }>(
      'select merchant_id from payout.merchant_session where token_sha256 = $1 and expires_at > $2',
      [tokenSha256, now],
    );
    return row?.merchant_id;
  }
}
