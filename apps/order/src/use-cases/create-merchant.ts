import { X509Certificate } from 'node:crypto';
import { invariant } from '@stuiver/errors';
import { randomDigits, randomHex } from '@stuiver/ids';
import type { Clock, KeyStore, Random } from '@stuiver/ports';
import type { KeepPspAccount } from './keep-psp-account.js';

export interface MerchantToKeep {
  readonly mchid: string;
  readonly isMchidChosen: boolean;
  readonly name: string;
  readonly apiV3Key: string;
  readonly isApiV3KeyChosen: boolean;
  readonly serialNo: string;
  readonly certificatePem: string;
  readonly publicKeyPem: string;
  readonly notAfter: Date;
  readonly createdAt: Date;
}

export interface KeptMerchant {
  readonly mchid: string;
  readonly serialNo: string;
  readonly certificatePem: string;
  readonly apiV3Key: string;
}

export interface MerchantStore {
  /**
   * Keeps merchant and certificate. A key that already has a certificate keeps the one it has, so a repeat changes
   * nothing; a new key for a known mchid is a rotation.
   *
   * @throws Refusal STATE_CONFLICT when the key is another merchant's.
   */
  keep(merchant: MerchantToKeep): Promise<KeptMerchant>;
}

export interface CreatedMerchant extends KeptMerchant {
  readonly platformPublicKeyId: string;
  readonly platformPublicKeyPem: string;
  readonly platformSerialNo: string;
  readonly platformCertificatePem: string;
}

const MCHID_DIGITS = 10;
const API_V3_KEY_BYTES = 16;

/** Registers a merchant from a certificate signing request: their private key never leaves them. Safe to repeat. */
export class CreateMerchant {
  constructor(
    private readonly merchants: MerchantStore,
    private readonly keys: Pick<KeyStore, 'issueCertificate' | 'platformKeys'>,
    private readonly tools: { clock: Clock; random: Random },
    private readonly pspAccounts: Pick<KeepPspAccount, 'run'>,
  ) {}

  /**
   * @throws Refusal PARAM_ERROR on `csr_pem`; STATE_CONFLICT when its key is another merchant's; PSP_UNREACHABLE when the
   *   merchant is kept and its account at the PSP is not known yet: the same request again carries on.
   */
  async run(request: {
    readonly name: string;
    readonly csrPem: string;
    readonly mchid: string | null;
    readonly apiV3Key: string | null;
  }): Promise<CreatedMerchant> {
    const { clock, random } = this.tools;
    const now = clock.now();
    const mchid = request.mchid ?? randomDigits(MCHID_DIGITS, random);
    const issued = await this.keys.issueCertificate({ csrPem: request.csrPem, mchid, now });
    const certificate = new X509Certificate(issued.certificatePem);
    const kept = await this.merchants.keep({
      mchid,
      isMchidChosen: request.mchid !== null,
      name: request.name,
      apiV3Key: request.apiV3Key ?? randomHex(API_V3_KEY_BYTES, random),
      isApiV3KeyChosen: request.apiV3Key !== null,
      ...issued,
      publicKeyPem: certificate.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      notAfter: new Date(certificate.validTo),
      createdAt: now,
    });
    await this.pspAccounts.run(kept.mchid);
    return { ...kept, ...(await this.platformParts()) };
  }

  private async platformParts(): Promise<Omit<CreatedMerchant, keyof KeptMerchant>> {
    const keys = await this.keys.platformKeys();
    const certificate = keys.find((key) => key.kind === 'certificate');
    const publicKey = keys.find((key) => key.kind === 'public-key');
    const certificatePem = certificate?.certificatePem ?? null;
    invariant(
      certificate !== undefined && certificatePem !== null && publicKey !== undefined,
      'the platform has a certificate and a public key',
    );
    return {
      platformPublicKeyId: publicKey.keyId,
      platformPublicKeyPem: publicKey.publicKeyPem,
      platformSerialNo: certificate.keyId,
      platformCertificatePem: certificatePem,
    };
  }
}
