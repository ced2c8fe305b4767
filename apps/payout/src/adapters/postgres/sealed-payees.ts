import type { PostgresAuditTrail } from '@stuiver/audit';
import type { KeyStore } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import type { Payee, PayeeBook } from '../../use-cases/ports.js';

export interface SealedPayee {
  readonly merchant_id: string;
  readonly name: Buffer;
  readonly iban: Buffer;
}

interface KeptPayee {
  readonly iban_last4: string;
  readonly changed_at: Date;
}

/** A payee's name and account, encrypted per merchant: a stolen table tells nothing. */
export class SealedPayees implements PayeeBook {
  constructor(
    private readonly database: Database,
    private readonly keys: KeyStore,
    private readonly trail: PostgresAuditTrail,
  ) {}

  async keep(payee: Payee, at: Date): Promise<void> {
    const { name, iban } = await this.seal(payee);
    const { merchantId } = payee;
    const last4 = payee.iban.slice(-4);
    await this.database.run(async (tx) => {
      const [before] = await tx.query<KeptPayee[]>(
        'select iban_last4, changed_at from payout.payee where merchant_id = $1 for update',
        [merchantId],
      );
      await tx.query(
        `insert into payout.payee (merchant_id, name_sealed, iban_sealed, iban_last4, changed_at, confirmed_at)
         values ($1, $2, $3, $4, $5, $5)
         on conflict (merchant_id) do update set name_sealed = excluded.name_sealed, iban_sealed = excluded.iban_sealed,
           iban_last4 = excluded.iban_last4, changed_at = excluded.changed_at, confirmed_at = excluded.confirmed_at`,
        [merchantId, name, iban, last4, at],
      );
      await this.trail.append(tx, {
        act: 'payee-kept',
        subject: { kind: 'merchant', id: merchantId },
        ...(before && { before: { changedAt: before.changed_at.toISOString() } }),
        // Whose account it is may be a person's own: the trail tells that it is another one, not which.
        after: { changedAt: at.toISOString(), otherAccountEnding: before?.iban_last4 !== last4 },
      });
    });
  }

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
