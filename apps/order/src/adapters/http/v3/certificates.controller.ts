import { Controller, Get, Inject, UseGuards } from '@nestjs/common';
import { IsIn } from 'class-validator';
import { ValidQuery } from '@stuiver/http';
import { randomText } from '@stuiver/ids';
import {
  AEAD_NONCE_CHARACTERS,
  type EncryptedResource,
  encryptResource,
  wireTime,
} from '@stuiver/merchant-wire';
import { WIRE_OPTIONS, type WireOptions } from '../wire-options.js';
import { PostgresMerchants } from '../../postgres/merchants.js';
import { MerchantGuard } from './merchant.guard.js';
import { Optional } from './rules.js';
import { Merchant, type SignedBy } from './signed-by.js';

class CertificatesQuery {
  /** SM2 keys do not exist here, so asking for nothing else is refused rather than answered with an empty list. */
  @Optional() @IsIn(['RSA', 'ALL']) readonly algorithm_type?: string;
}

interface ListedCertificate {
  readonly serial_no: string;
  readonly effective_time: string;
  readonly expire_time: string;
  readonly encrypt_certificate: EncryptedResource;
}

/** The platform's certificates, each encrypted with the asking merchant's APIv3 key (section 1.3). */
@Controller('v3/certificates')
@UseGuards(MerchantGuard)
export class CertificatesController {
  constructor(
    @Inject(PostgresMerchants) private readonly merchants: PostgresMerchants,
    @Inject(WIRE_OPTIONS) private readonly options: Pick<WireOptions, 'keys' | 'random'>,
  ) {}

  @Get()
  async list(
    @Merchant() merchant: SignedBy,
    // eslint-disable-next-line @typescript-eslint/no-unused-vars -- checked, and that is all
    @ValidQuery(CertificatesQuery) _query: CertificatesQuery,
  ): Promise<{ data: ListedCertificate[] }> {
    const apiV3Key = await this.merchants.apiV3Key(merchant.mchid);
    const keys = await this.options.keys.platformKeys();
    const data = keys.flatMap(({ keyId, certificatePem, notBefore, notAfter }) => {
      if (certificatePem === null) return [];
      const nonce = randomText(AEAD_NONCE_CHARACTERS, this.options.random);
      return {
        serial_no: keyId,
        effective_time: wireTime(notBefore),
        expire_time: wireTime(notAfter),
        encrypt_certificate: encryptResource(certificatePem, {
          apiV3Key,
          nonce,
          associatedData: 'certificate',
        }),
      };
    });
    return { data };
  }
}
