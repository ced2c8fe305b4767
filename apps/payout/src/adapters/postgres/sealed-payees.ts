import type { PostgresAuditTrail } from '@stuiver/audit';
import type { KeyStore } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import type { Payee, PayeeBook } from '../../use-cases/ports.js';

export interface SealedPayee {
  readonly merchant_id: string;
  readonly name: Buffer;
  readonly iban: Buffer;
}

/** A payee's name and account, encrypted per merchant: a stolen table tells nothing. */
export class SealedPayees implements PayeeBook {
  constructor(
    private readonly database: Database,
    private readonly keys: KeyStore,
    private readonly trail: PostgresAuditTrail,
  ) {}

  async confirm(merchantId: string, at: Date): Promise<boolean> {
    return this.database.run(async (tx) => {
      const [, count] = await tx.query<[unknown[], number]>(
        'update payout.payee set confirmed_at = $2 where merchant_id = $1',
        [merchantId, at],
      );
      if (count === 0) return false;
      const subject = { kind: 'merchant', id: merchantId } as const;
      const after = { confirmedAt: at.toISOString() };
      await this.trail.append(tx, { act: 'payee-confirmed', subject, after });
      return true;
    });
  }

  async find(merchantId: string): Promise<Payee | undefined> {
    const [row] = await this.database.query<SealedPayee>(
      'select merchant_id, name_sealed as name, iban_sealed as iban from payout.payee where merchant_id = $1',
      [merchantId],
    );
    return row === undefined ? undefined : this.open(row);
  }

  async changing(): Promise<ReadonlySet<string>> {
    const rows = await this.database.query<{ merchant_id: string }>(
      `select merchant_id from payout.payee_change where state in ('asked', 'approved')`,
    );
    return new Set(rows.map((row) => row.merchant_id));
  }

  async seal(payee: Payee): Promise<{ name: Buffer; iban: Buffer }> {
    const seal = async (text: string): Promise<Buffer> =>
      Buffer.from(await this.keys.seal(purposeOf(payee.merchantId), Buffer.from(text, 'utf8')));
    return { name: await seal(payee.name), iban: await seal(payee.iban) };
  }

  async open(row: SealedPayee): Promise<Payee> {
    const open = async (sealed: Buffer): Promise<string> =>
      Buffer.from(await this.keys.open(purposeOf(row.merchant_id), sealed)).toString('utf8');
    return { merchantId: row.merchant_id, name: await open(row.name), iban: await open(row.iban) };
  }
}

function purposeOf(merchantId: string): string {
  return `payee:${merchantId}`;
}
