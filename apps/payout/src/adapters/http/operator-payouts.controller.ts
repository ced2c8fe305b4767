import { Controller, Get, HttpCode, Inject, Param, Post, Put, UseGuards } from '@nestjs/common';
import { IsIn, IsString, Length, Matches } from 'class-validator';
import { Refusal } from '@stuiver/errors';
import { OperatorGuard, ValidBody } from '@stuiver/http';
import { ApproveBatch } from '../../use-cases/approve-batch.js';
import { ExportBatch } from '../../use-cases/export-batch.js';
import { KeepPayee } from '../../use-cases/keep-payee.js';
import { MerchantAccess } from '../../use-cases/merchant-access.js';
import { PrepareBatch } from '../../use-cases/prepare-batch.js';
import { RunPayouts } from '../../use-cases/run-payouts.js';
import { PostgresPayouts } from '../postgres/payouts.js';
import { presentBatch, presentRun } from './present.js';

const PERSON_CHARACTERS_MAX = 70;

class RunBody {
  @IsIn(['today'], { message: '$property must be today' }) readonly date!: string;
  @IsString() @Length(1, PERSON_CHARACTERS_MAX) readonly maker!: string;
  @IsString() @Length(1, PERSON_CHARACTERS_MAX) readonly checker!: string;
}

class PrepareBody {
  @IsString() @Length(1, PERSON_CHARACTERS_MAX) readonly maker!: string;
}

class ApproveBody {
  @IsString() @Length(1, PERSON_CHARACTERS_MAX) readonly checker!: string;
  @IsString()
  @Matches(/^[0-9a-f]{64}$/, { message: '$property must be 64 lower-case hex digits' })
  readonly file_sha256!: string;
}

class PayeeBody {
  @IsString() @Length(1, PERSON_CHARACTERS_MAX) readonly name!: string;
  @IsString() @Length(15, 42) readonly iban!: string;
}

class LinkBody {
  @IsString()
  @Matches(/^\d{8,32}$/, { message: '$property must be 8 to 32 digits' })
  readonly merchantId!: string;
}

/** What an operator does about payouts; behind the operator token. */
@Controller('operator')
@UseGuards(OperatorGuard)
export class OperatorPayoutsController {
  constructor(
    @Inject(RunPayouts) private readonly runPayouts: RunPayouts,
    @Inject(PrepareBatch) private readonly prepareBatch: PrepareBatch,
    @Inject(ApproveBatch) private readonly approveBatch: ApproveBatch,
    @Inject(ExportBatch) private readonly exportBatch: ExportBatch,
    @Inject(KeepPayee) private readonly keepPayee: KeepPayee,
    @Inject(MerchantAccess) private readonly access: MerchantAccess,
    @Inject(PostgresPayouts) private readonly payouts: PostgresPayouts,
  ) {}

  @Post('payouts/run')
  @HttpCode(200)
  async run(@ValidBody(RunBody) body: RunBody): Promise<object> {
    return presentRun(await this.runPayouts.run(body));
  }

  @Post('payouts/prepare')
  @HttpCode(200)
  async prepare(@ValidBody(PrepareBody) body: PrepareBody): Promise<object> {
    const batch = await this.prepareBatch.run(body);
    return presentBatch(batch, await this.payouts.payoutsOf(batch.id));
  }

  @Post('payouts/batches/:id/approve')
  @HttpCode(200)
  async approve(
    @Param('id') id: string,
    @ValidBody(ApproveBody) body: ApproveBody,
  ): Promise<object> {
    const { checker, file_sha256: fileSha256 } = body;
    const batch = await this.approveBatch.run({ batchId: id, checker, fileSha256 });
    return presentBatch(batch, await this.payouts.payoutsOf(id));
  }

  @Post('payouts/batches/:id/export')
  @HttpCode(200)
  async export(@Param('id') id: string): Promise<object> {
    return this.exportBatch.run(id);
  }

  @Get('payouts/batches/:id')
  async show(@Param('id') id: string): Promise<object> {
    const batch = await this.payouts.batch(id);
    if (batch === undefined) throw new Refusal('NOT_FOUND', { batch: id });
    return presentBatch(batch, await this.payouts.payoutsOf(id));
  }

  @Put('payees/:merchantId')
  @HttpCode(204)
  async payee(
    @Param('merchantId') merchantId: string,
    @ValidBody(PayeeBody) body: PayeeBody,
  ): Promise<void> {
    if (!/^\d{8,32}$/.test(merchantId)) {
      throw new Refusal('PARAM_ERROR', { field: 'merchantId', rule: 'must be 8 to 32 digits' });
    }
    await this.keepPayee.run({ merchantId, name: body.name, iban: body.iban });
  }

  @Post('settlement-links')
  @HttpCode(200)
  async link(@ValidBody(LinkBody) body: LinkBody): Promise<{ path: string }> {
    return { path: `/settlements/open/${await this.access.giveLink(body.merchantId)}` };
  }
}
