import {
  Controller,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Put,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { IsIn, IsString, Length, Matches, ValidateIf } from 'class-validator';
import { Refusal } from '@stuiver/errors';
import { OperatorGuard, ValidBody, ValidQuery } from '@stuiver/http';
import { PLAIN_NAME } from '../../domain/person.js';
import { ApproveBatch } from '../../use-cases/approve-batch.js';
import { DiscardBatch } from '../../use-cases/discard-batch.js';
import { ExportBatch } from '../../use-cases/export-batch.js';
import { KeepPayee } from '../../use-cases/keep-payee.js';
import { MerchantAccess } from '../../use-cases/merchant-access.js';
import { PrepareBatch } from '../../use-cases/prepare-batch.js';
import { RunPayouts } from '../../use-cases/run-payouts.js';
import { PostgresPayouts } from '../postgres/payouts.js';
import { LedgerEdge } from './ledger-edge.js';
import { presentBatch, presentHeld, presentListedBatch, presentRun } from './present.js';

const NAME_CHARACTERS_MAX = 70;
const BATCHES_PER_PAGE = 50;
const REASONS_MAX = 10;
const BATCH_ID = /^pob_[0-9a-z]{26}$/;

/** Who acts. The same name written otherwise must not pass for a second person. */
function Person(): PropertyDecorator {
  return Matches(PLAIN_NAME, {
    message:
      '$property must be a name of 1 to 70 characters, without spaces around it and without invisible signs',
  });
}

class RunBody {
  @IsIn(['today'], { message: '$property must be today' }) readonly date!: string;
  @Person() readonly maker!: string;
  @Person() readonly checker!: string;
}

class PrepareBody {
  @Person() readonly maker!: string;
}

class ApproveBody {
  @Person() readonly checker!: string;
  @IsString()
  @Matches(/^[0-9a-f]{64}$/, { message: '$property must be 64 lower-case hex digits' })
  readonly file_sha256!: string;
}

class ListQuery {
  @ValidateIf((_dto: object, value: unknown) => value !== undefined)
  @Matches(BATCH_ID, { message: '$property must be the id of a batch' })
  readonly before?: string;
}

class PayeeBody {
  @IsString() @Length(1, NAME_CHARACTERS_MAX) readonly name!: string;
  @IsString() @Length(15, 42) readonly iban!: string;
  @Person() readonly maker!: string;
  @Person() readonly checker!: string;
}

class LinkBody {
  @IsString()
  @Matches(/^\d{8,32}$/, { message: '$property must be 8 to 32 digits' })
  readonly merchantId!: string;
}

/** What an operator does about payouts; behind the operator token. */
@Controller('operator')
@UseGuards(OperatorGuard)
@UseInterceptors(LedgerEdge)
export class OperatorPayoutsController {
  constructor(
    @Inject(RunPayouts) private readonly runPayouts: RunPayouts,
    @Inject(PrepareBatch) private readonly prepareBatch: PrepareBatch,
    @Inject(ApproveBatch) private readonly approveBatch: ApproveBatch,
    @Inject(DiscardBatch) private readonly discardBatch: DiscardBatch,
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
    const { batch, held } = await this.prepareBatch.run(body);
    if (batch === null) {
      const reasons = held
        .slice(0, REASONS_MAX)
        .map(({ settlementId, reason }) => `${settlementId}: ${reason}`);
      throw new Refusal('NOTHING_TO_SETTLE', {
        rule: ['nothing can be paid out', ...reasons].join('; '),
      });
    }
    const payouts = await this.payouts.payoutsOf(batch.id);
    return { ...presentBatch(batch, payouts), held: presentHeld(held) };
  }

  @Post('payouts/batches/:id/approve')
  @HttpCode(200)
  async approve(
    @Param('id') id: string,
    @ValidBody(ApproveBody) body: ApproveBody,
  ): Promise<object> {
    const { checker, file_sha256: fileSha256 } = body;
    const batch = await this.approveBatch.run({ batchId: known(id), checker, fileSha256 });
    return presentBatch(batch, await this.payouts.payoutsOf(id));
  }

  @Post('payouts/batches/:id/export')
  @HttpCode(200)
  async export(@Param('id') id: string): Promise<object> {
    return this.exportBatch.run(known(id));
  }

  @Post('payouts/batches/:id/discard')
  @HttpCode(200)
  async discard(@Param('id') id: string): Promise<object> {
    await this.discardBatch.run(known(id));
    return this.show(id);
  }

  /** Newest first; `next` is the `before` of the following page. */
  @Get('payouts/batches')
  async list(@ValidQuery(ListQuery) query: ListQuery): Promise<object> {
    const page = { before: query.before ?? null, limit: BATCHES_PER_PAGE };
    const batches = await this.payouts.batches(page);
    const next = batches.length === BATCHES_PER_PAGE ? batches.at(-1)?.id : undefined;
    return { batches: batches.map(presentListedBatch), next: next ?? null };
  }

  @Get('payouts/batches/:id')
  async show(@Param('id') id: string): Promise<object> {
    const batch = await this.payouts.batch(known(id));
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
    const { name, iban, maker, checker } = body;
    await this.keepPayee.run({ merchantId, name, iban }, { maker, checker });
  }

  @Post('settlement-links')
  @HttpCode(200)
  async link(@ValidBody(LinkBody) body: LinkBody): Promise<{ path: string }> {
    return { path: `/settlements/open/${await this.access.giveLink(body.merchantId)}` };
  }
}

/** What has not the form of our ids is no id of ours. */
function known(id: string): string {
  if (!BATCH_ID.test(id)) throw new Refusal('NOT_FOUND');
  return id;
}
