import type { EntityManager } from 'typeorm';
import type { PostgresAuditTrail } from '@stuiver/audit';
import { invariant, Refusal } from '@stuiver/errors';
import type { Clock, KeyStore } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import type {
  MerchantStore,
  MerchantToKeep,
  KeptMerchant,
} from '../../use-cases/create-merchant.js';
import { BriefCache } from './brief-cache.js';

/** Whose request it is, once the signature holds. */
export interface Signer {
  readonly mchid: string;
  readonly serialNo: string;
  readonly publicKeyPem: string;
  /** Which platform key answers when the request names none. */
  readonly answerKey: 'certificate' | 'public-key';
  readonly notAfter: Date;
}

interface SignerRow {
  readonly answer_key: Signer['answerKey'];
  readonly public_key_pem: string;
  readonly not_after: Date;
}

interface CertificateRow {
  readonly mchid: string;
  readonly serial_no: string;
  readonly certificate_pem: string;
}

/** One registration at a time: it is rare, and its natural keys are looked up before they are written. */
const REGISTER_LOCK = 7_316_101;

/** Merchants' API identities in schema `orders`. */
export class PostgresMerchants implements MerchantStore {
  private readonly signers: BriefCache<Signer>;
  private readonly apiV3Keys: BriefCache<string>;
  private readonly trail: PostgresAuditTrail;

  constructor(
    private readonly database: Database,
    private readonly keys: Pick<KeyStore, 'seal' | 'open'>,
    tools: { readonly clock: Clock; readonly trail: PostgresAuditTrail },
  ) {
    this.trail = tools.trail;
    this.signers = new BriefCache(tools.clock);
    this.apiV3Keys = new BriefCache(tools.clock);
  }

  /** The merchant's living certificate with this serial number, or why there is none. */
  async signer(
    mchid: string,
    serialNo: string,
  ): Promise<Signer | 'no merchant' | 'no certificate'> {
    const signer = await this.signers.get(`${mchid}/${serialNo}`, () =>
      this.readSigner(mchid, serialNo),
    );
    if (signer !== null) return signer;
    return (await this.isMerchant(mchid)) ? 'no certificate' : 'no merchant';
  }

  /** @throws InvariantBroken when there is no such merchant. */
  async apiV3Key(mchid: string): Promise<string> {
    const key = await this.apiV3Keys.get(mchid, async () => {
      const [row] = await this.database.query<{ api_v3_key_sealed: Buffer }>(
        'select api_v3_key_sealed from orders.merchant where mchid = $1',
        [mchid],
      );
      if (row === undefined) return null;
      const plain = await this.keys.open(apiV3KeyPurpose(mchid), row.api_v3_key_sealed);
      return Buffer.from(plain).toString();
    });
    invariant(key !== null, 'a merchant that is dealt with exists');
    return key;
  }

  async answerKey(mchid: string): Promise<Signer['answerKey']> {
    const [row] = await this.database.query<{ answer_key: Signer['answerKey'] }>(
      'select answer_key from orders.merchant where mchid = $1',
      [mchid],
    );
    return row?.answer_key ?? 'certificate';
  }

  async keep(merchant: MerchantToKeep): Promise<KeptMerchant> {
    const sealed = Buffer.from(
      await this.keys.seal(apiV3KeyPurpose(merchant.mchid), Buffer.from(merchant.apiV3Key)),
    );
    const kept = await this.database.run(async (tx) => {
      await tx.query('select pg_advisory_xact_lock($1)', [REGISTER_LOCK]);
      const found = await certificateOfKey(tx, merchant.publicKeyPem);
      if (found !== undefined) return found;
      const isNew = await this.insertMerchant(tx, merchant, sealed);
      await insertCertificate(tx, merchant);
      const act = isNew ? 'merchant-created' : 'merchant-certificate-added';
      const subject = { kind: 'merchant', id: merchant.mchid } as const;
      await this.trail.append(tx, { act, subject, after: { serialNo: merchant.serialNo } });
      return {
        mchid: merchant.mchid,
        serial_no: merchant.serialNo,
        certificate_pem: merchant.certificatePem,
      };
    });
    if (merchant.isMchidChosen && kept.mchid !== merchant.mchid) throw ownedByAnother();
    if (merchant.isApiV3KeyChosen) await this.replaceApiV3Key(kept.mchid, merchant.apiV3Key);
    this.apiV3Keys.forget(kept.mchid);
    return {
      mchid: kept.mchid,
      serialNo: kept.serial_no,
      certificatePem: kept.certificate_pem,
      apiV3Key: await this.apiV3Key(kept.mchid),
    };
  }

  private async insertMerchant(
    tx: EntityManager,
    merchant: MerchantToKeep,
    sealed: Buffer,
  ): Promise<boolean> {
    const inserted = await tx.query<unknown[]>(
      `insert into orders.merchant (mchid, name, api_v3_key_sealed, created_at) values ($1, $2, $3, $4)
       on conflict (mchid) do nothing returning mchid`,
      [merchant.mchid, merchant.name, sealed, merchant.createdAt],
    );
    // A further key for a merchant that was named is a rotation; a number drawn by lot must be free.
    invariant(inserted.length === 1 || merchant.isMchidChosen, 'a drawn mchid is not taken');
    return inserted.length === 1;
  }

  /** The same key again changes nothing. */
  private async replaceApiV3Key(mchid: string, apiV3Key: string): Promise<void> {
    this.apiV3Keys.forget(mchid);
    if ((await this.apiV3Key(mchid)) === apiV3Key) return;
    const sealed = Buffer.from(await this.keys.seal(apiV3KeyPurpose(mchid), Buffer.from(apiV3Key)));
    await this.database.run(async (tx) => {
      await tx.query('update orders.merchant set api_v3_key_sealed = $2 where mchid = $1', [
        mchid,
        sealed,
      ]);
      const subject = { kind: 'merchant', id: mchid } as const;
      await this.trail.append(tx, { act: 'merchant-api-key-set', subject });
    });
  }

  private async readSigner(mchid: string, serialNo: string): Promise<Signer | null> {
    const [row] = await this.database.query<SignerRow>(
      `select m.answer_key, c.public_key_pem, c.not_after
       from orders.merchant m join orders.merchant_certificate c using (mchid)
       where mchid = $1 and c.serial_no = $2 and c.revoked_at is null`,
      [mchid, serialNo],
    );
    if (row === undefined) return null;
    const { answer_key: answerKey, public_key_pem: publicKeyPem, not_after: notAfter } = row;
    return { mchid, serialNo, publicKeyPem, answerKey, notAfter };
  }

  private async isMerchant(mchid: string): Promise<boolean> {
    const sql = 'select 1 from orders.merchant where mchid = $1';
    return (await this.database.query<unknown>(sql, [mchid])).length === 1;
  }
}

async function certificateOfKey(
  tx: EntityManager,
  publicKeyPem: string,
): Promise<CertificateRow | undefined> {
  const [row] = await tx.query<CertificateRow[]>(
    `select mchid, serial_no, certificate_pem from orders.merchant_certificate
     where public_key_pem = $1 and revoked_at is null`,
    [publicKeyPem],
  );
  return row;
}

async function insertCertificate(tx: EntityManager, merchant: MerchantToKeep): Promise<void> {
  await tx.query(
    `insert into orders.merchant_certificate
       (serial_no, mchid, certificate_pem, public_key_pem, not_after, created_at)
     values ($1, $2, $3, $4, $5, $6)`,
    [
      ...[merchant.serialNo, merchant.mchid, merchant.certificatePem, merchant.publicKeyPem],
      ...[merchant.notAfter, merchant.createdAt],
    ],
  );
}

function ownedByAnother(): Refusal {
  return new Refusal('STATE_CONFLICT', {
    field: 'csr_pem',
    rule: 'is of a key that another merchant uses',
  });
}

function apiV3KeyPurpose(mchid: string): string {
  return `api-v3-key/${mchid}`;
}
