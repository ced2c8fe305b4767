import { Controller, Headers, HttpCode, Inject, Post, UseGuards } from '@nestjs/common';
import { IsBase64, IsString, Length, MaxLength } from 'class-validator';
import { Refusal } from '@stuiver/errors';
import { ValidBody } from '@stuiver/http';
import { encryptField, OAEP_BYTES_MAX, ParsedKeys } from '@stuiver/merchant-wire';
import { Echo } from '../../../use-cases/echo.js';
import { MerchantGuard } from './merchant.guard.js';
import { IsNotifyUrl, Optional } from './rules.js';
import { Merchant, type SignedBy } from './signed-by.js';

class EchoBody {
  @Optional() @IsNotifyUrl() readonly notify_url?: string;
  @IsString() @Length(1, 1024) readonly echo_message!: string;
  @Optional() @IsString() @IsBase64() @MaxLength(1024) readonly encrypted_echo_message?: string;
}

/** `POST /v3/security/echo`: a connection test (section 1.6). */
@Controller('v3/security/echo')
@UseGuards(MerchantGuard)
export class EchoController {
  private readonly parsedKeys = new ParsedKeys();

  constructor(@Inject(Echo) private readonly echo: Echo) {}

  @Post()
  @HttpCode(200)
  async post(
    @Merchant() merchant: SignedBy,
    @ValidBody(EchoBody) body: EchoBody,
    @Headers('wechatpay-serial') keyId: string | undefined,
  ): Promise<{ echo_message: string; encrypted_echo_message?: string }> {
    const { message, encrypted } = await this.echo.run({
      mchid: merchant.mchid,
      about: `echo/${merchant.mchid}/${merchant.nonce}`,
      message: body.echo_message,
      encrypted: body.encrypted_echo_message ?? null,
      keyId: keyId?.toUpperCase() ?? null,
      notifyUrl: body.notify_url ?? null,
      encryptForMerchant: (text) => this.encryptFor(merchant, text),
    });
    return {
      echo_message: message,
      ...(encrypted === null ? {} : { encrypted_echo_message: encrypted }),
    };
  }

  /** A larger merchant key could send us more than one block of ours gives back. */
  private encryptFor(merchant: SignedBy, text: string): string {
    if (Buffer.byteLength(text) > OAEP_BYTES_MAX) {
      throw new Refusal('PARAM_ERROR', {
        field: 'encrypted_echo_message',
        rule: `must hold at most ${String(OAEP_BYTES_MAX)} bytes`,
        value: '',
        location: 'body',
      });
    }
    return encryptField(this.parsedKeys.of(merchant.publicKeyPem), text);
  }
}
