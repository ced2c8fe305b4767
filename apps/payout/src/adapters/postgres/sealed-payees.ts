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
  ) {}

  async keep(payee: Payee, at: Date): Promise<void> {
    const { name, iban } = await this.seal(payee);
    await this.database.query(
      `insert into payout.payee (merchant_id, name_sealed, iban_sealed, iban_last4, changed_at, confirmed_at)
       values ($1, $2, $3, $4, $5, $5)
       on conflict (merchant_id) do update set name_sealed = excluded.name_sealed, iban_sealed = excluded.iban_sealed,
         iban_last4 = excluded.iban_last4, changed_at = excluded.changed_at, confirmed_at = excluded.confirmed_at`,
      [payee.merchantId, name, iban, payee.iban.slice(-4), at],
    );
  }

  async confirm(merchantId: string, at: Date): Promise<boolean> {
    const rows = await this.database.query(
      'update payout.payee set confirmed_at = $2 where merchant_id = $1 returning merchant_id',
      [merchantId, at],
    );
    return rows.length === 1;
  }

  async find(merchantId: string): Promise<Payee | undefined> {
    const [row] = await this.database.query<SealedPayee>(
      'select merchant_id, name_sealed as name, iban_sealed as iban from payout.payee where merchant_id = $1',
      [merchantId],
    );
    return row === undefined ? undefined : this.open(row);
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
