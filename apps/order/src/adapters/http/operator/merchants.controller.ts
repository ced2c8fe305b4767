import { isAbsolute, normalize } from 'node:path';
import { Controller, Get, HttpCode, Inject, Param, Post, UseGuards } from '@nestjs/common';
import { IsIn, IsString, Length, Matches } from 'class-validator';
import { Refusal } from '@stuiver/errors';
import { OperatorGuard, ValidBody, ValidQuery, validText } from '@stuiver/http';
import { CreateMerchant } from '../../../use-cases/create-merchant.js';
import { RegisterMiniProgram } from '../../../use-cases/register-mini-program.js';
import { ReplayNotification } from '../../../use-cases/replay-notification.js';
import { NotificationQueue, type NotificationSummary } from '../../postgres/notification-queue.js';
import { Optional } from '../v3/rules.js';

const MCHID = /^[0-9]{8,32}$/;
const MCHID_SAYS = 'must be 8 to 32 digits';
const CSR_CHARACTERS_MAX = 16_384;

class CreateMerchantBody {
  @IsString() @Length(1, 70) readonly name!: string;
  @IsString() @Length(1, CSR_CHARACTERS_MAX) readonly csr_pem!: string;
  @Optional()
  @IsString()
  @Matches(MCHID, { message: `$property ${MCHID_SAYS}` })
  readonly mchid?: string;
  @Optional()
  @IsString()
  @Matches(/^[0-9A-Za-z]{32}$/, { message: '$property must be 32 letters and digits' })
  readonly api_v3_key?: string;
}

class RegisterMiniProgramBody {
  @IsString() @Matches(MCHID, { message: `$property ${MCHID_SAYS}` }) readonly mchid!: string;
  @Optional()
  @IsString()
  @Matches(/^wx[0-9a-z]{6,30}$/, {
    message: '$property must be wx and 6 to 30 lower-case letters and digits',
  })
  readonly appid?: string;
  @IsString() @Length(1, 70) readonly name!: string;
  @IsString() @Length(0, 500) readonly description!: string;
  @IsIn(['packaged', 'hosted']) readonly origin_kind!: 'packaged' | 'hosted';
  @IsString() @Length(1, 500) readonly source!: string;
}

class ListQuery {
  @Optional()
  @IsString()
  @Matches(/^([1-9]|[1-9]\d|1\d\d|200)$/, { message: '$property must be a number from 1 to 200' })
  readonly limit?: string;
}

const LIST_ROWS = 50;

/** What an operator does about merchants; behind the operator token. */
@Controller('operator')
@UseGuards(OperatorGuard)
export class OperatorMerchantsController {
  constructor(
    @Inject(CreateMerchant) private readonly createMerchant: CreateMerchant,
    @Inject(RegisterMiniProgram) private readonly registerMiniProgram: RegisterMiniProgram,
    @Inject(ReplayNotification) private readonly replayNotification: ReplayNotification,
    @Inject(NotificationQueue) private readonly notifications: NotificationQueue,
  ) {}

  @Post('merchants')
  @HttpCode(200)
  async create(@ValidBody(CreateMerchantBody) body: CreateMerchantBody): Promise<object> {
    const created = await this.createMerchant.run({
      name: body.name,
      csrPem: body.csr_pem,
      mchid: body.mchid ?? null,
      apiV3Key: body.api_v3_key ?? null,
    });
    return {
      mchid: created.mchid,
      serial_no: created.serialNo,
      certificate_pem: created.certificatePem,
      api_v3_key: created.apiV3Key,
      platform_public_key_id: created.platformPublicKeyId,
      platform_public_key: created.platformPublicKeyPem,
      platform_serial_no: created.platformSerialNo,
      platform_certificate: created.platformCertificatePem,
    };
  }

  @Post('mini-programs')
  @HttpCode(200)
  async register(
    @ValidBody(RegisterMiniProgramBody) body: RegisterMiniProgramBody,
  ): Promise<object> {
    refuseBadSource(body);
    const { appid, appSecret } = await this.registerMiniProgram.run({
      mchid: body.mchid,
      appid: body.appid ?? null,
      name: body.name,
      description: body.description,
      originKind: body.origin_kind,
      source: body.source,
    });
    return { appid, app_secret: appSecret };
  }

  @Get('merchants/:mchid/notifications')
  async list(
    @Param('mchid') mchid: string,
    @ValidQuery(ListQuery) query: ListQuery,
  ): Promise<{ items: readonly NotificationSummary[] }> {
    const text = validText(mchid, {
      field: 'mchid',
      pattern: MCHID,
      says: MCHID_SAYS,
      location: 'path',
    });
    return { items: await this.notifications.ofMerchant(text, Number(query.limit ?? LIST_ROWS)) };
  }

  @Post('notifications/:id/replay')
  @HttpCode(202)
  async replay(@Param('id') id: string): Promise<{ notification_id: string }> {
    const text = validText(id, {
      field: 'id',
      pattern: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
      says: 'must be a notification id',
      location: 'path',
    });
    await this.replayNotification.run(text);
    return { notification_id: text };
  }
}

/** A packaged source is a folder on this machine, a hosted one a web address. */
function refuseBadSource({ origin_kind, source }: RegisterMiniProgramBody): void {
  const isFolder = isAbsolute(source) && normalize(source) === source;
  const isAddress = URL.canParse(source) && /^https?:$/.test(new URL(source).protocol);
  if (origin_kind === 'packaged' ? isFolder : isAddress) return;
  const rule = {
    packaged: 'must be an absolute folder path without . or .. in it',
    hosted: 'must be an absolute http or https URL',
  }[origin_kind];
  throw new Refusal('PARAM_ERROR', { field: 'source', rule, value: source, location: 'body' });
}
