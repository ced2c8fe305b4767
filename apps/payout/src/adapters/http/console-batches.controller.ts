import {
  Controller,
  Get,
  Header,
  HttpCode,
  Inject,
  Param,
  Post,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { IsIn, IsString, Matches } from 'class-validator';
import type { BatchDetail, BatchSummary, Page } from '@stuiver/console-api';
import type { LedgerPort } from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';
import { ValidBody, ValidQuery } from '@stuiver/http';
import type { Clock } from '@stuiver/ports';
import { Needs, SignedIn, type StaffClaims, StaffGuard } from '@stuiver/staff';
import { isSamePerson } from '../../domain/person.js';
import { isTooLateFor } from '../../domain/t2-calendar.js';
import type { ApprovePrefunding } from '../../use-cases/approve-prefunding.js';
import { ApproveBatch } from '../../use-cases/approve-batch.js';
import { DiscardBatch } from '../../use-cases/discard-batch.js';
import { ExportBatch } from '../../use-cases/export-batch.js';
import { OUR_BANK } from '../../use-cases/intents.js';
import { RunPayouts } from '../../use-cases/run-payouts.js';
import { PrepareBatch } from '../../use-cases/prepare-batch.js';
import { FinanceView } from '../postgres/finance-view.js';
import type { BatchApprovals } from './batch-approvals.js';
import { found, IsIdOf, ITEMS_PER_PAGE, needId, Optional, pageOf } from './console-rules.js';
import { LedgerEdge } from './ledger-edge.js';

const STATES = ['prepared', 'approving', 'approved', 'exported', 'refused', 'discarded'];
const REASONS_MAX = 10;

/** What the controllers ask besides use cases: the time, and the books. */
export const CONSOLE_TOOLS = Symbol('CONSOLE_TOOLS');
export interface ConsoleTools {
  readonly clock: Clock;
  readonly ledger: Pick<LedgerPort, 'account'>;
  readonly prefund: ApprovePrefunding;
  readonly approvals: BatchApprovals;
}

class ListQuery {
  @Optional() @IsIdOf('PayoutBatch') readonly before?: string;
  @Optional() @IsIn(STATES) readonly state?: string;
}

class ApproveBody {
  @IsString()
  @Matches(/^[0-9a-f]{64}$/, { message: '$property must be 64 lower-case hex digits' })
  readonly fileSha256!: string;
}

/** Batches for the finance console: made by one person, approved by another, both by their sign-in. */
@Controller('console/finance/batches')
@UseGuards(StaffGuard)
@Needs('finance', 'operator')
@UseInterceptors(LedgerEdge)
export class ConsoleBatchesController {
  constructor(
    @Inject(FinanceView) private readonly view: FinanceView,
    @Inject(PrepareBatch) private readonly prepareBatch: PrepareBatch,
    @Inject(RunPayouts) private readonly runPayouts: RunPayouts,
    @Inject(ApproveBatch) private readonly approveBatch: ApproveBatch,
    @Inject(DiscardBatch) private readonly discardBatch: DiscardBatch,
    @Inject(ExportBatch) private readonly exportBatch: ExportBatch,
    @Inject(CONSOLE_TOOLS) private readonly tools: ConsoleTools,
  ) {}

  @Get()
  async list(@ValidQuery(ListQuery) query: ListQuery): Promise<Page<BatchSummary>> {
    const { before = null, state = null } = query;
    const batches = await this.view.batches({ before, state, limit: ITEMS_PER_PAGE });
    return pageOf(batches, ({ batchId }) => batchId);
  }

  @Post()
  @HttpCode(200)
  async prepare(@SignedIn() who: StaffClaims): Promise<BatchDetail> {
    // Whoever makes a file means everything up to now.
    await this.runPayouts.settleAll();
    const { batch, held } = await this.prepareBatch.run({ maker: who.id, makerName: who.name });
    if (batch !== null) return this.detail(batch.id, who);
    const reasons = held
      .slice(0, REASONS_MAX)
      .map(({ settlementId, reason }) => `${settlementId}: ${reason}`);
    const rule = ['nothing can be paid out', ...reasons].join('; ');
    const why = held.length === 0 ? 'nothing-to-pay' : 'all-held-back';
    throw new Refusal('NOTHING_TO_SETTLE', {
      rule,
      why,
      held: [...new Set(held.map(({ code }) => code))].join(' '),
    });
  }

  @Get(':id')
  show(@SignedIn() who: StaffClaims, @Param('id') id: string): Promise<BatchDetail> {
    return this.detail(needId('PayoutBatch', id), who);
  }

  @Post(':id/approve')
  @HttpCode(200)
  @Needs('finance')
  async approve(
    @SignedIn() who: StaffClaims,
    @Param('id') id: string,
    @ValidBody(ApproveBody) body: ApproveBody,
  ): Promise<BatchDetail> {
    const batchId = needId('PayoutBatch', id);
    const { fileSha256 } = body;
    await this.approveBatch.run({ batchId, checker: who.id, checkerName: who.name, fileSha256 });
    return this.detail(batchId, who);
  }

  /** It may go out before the paying account has the money. */
  @Post(':id/prefund')
  @HttpCode(200)
  @Needs('finance')
  async prefund(
    @SignedIn() who: StaffClaims,
    @Param('id') id: string,
    @ValidBody(ApproveBody) body: ApproveBody,
  ): Promise<BatchDetail> {
    const batchId = needId('PayoutBatch', id);
    const by = { id: who.id, name: who.name };
    await this.tools.prefund.run({ batchId, fileSha256: body.fileSha256, by });
    return this.detail(batchId, who);
  }

  @Post(':id/discard')
  @HttpCode(200)
  async discard(@SignedIn() who: StaffClaims, @Param('id') id: string): Promise<BatchDetail> {
    await this.discardBatch.run(needId('PayoutBatch', id));
    return this.detail(id, who);
  }

  @Post(':id/export')
  @HttpCode(200)
  async export(@SignedIn() who: StaffClaims, @Param('id') id: string): Promise<BatchDetail> {
    await this.exportBatch.run(needId('PayoutBatch', id));
    return this.detail(id, who);
  }

  /** pain.001, as the bank gets it. */
  @Get(':id/file')
  @Header('content-type', 'application/xml; charset=utf-8')
  @Header('cache-control', 'no-store')
  file(@Param('id') id: string): Promise<string> {
    return this.exportBatch.content(needId('PayoutBatch', id));
  }

  private async detail(id: string, who: StaffClaims): Promise<BatchDetail> {
    const { summary, makerId } = found(await this.view.batch(id));
    const isWaiting = summary.state === 'prepared';
    const held = isWaiting ? await this.prepareBatch.heldNow() : [];
    const bank = await this.tools.ledger.account(`bank:${OUR_BANK}`);
    const mayAct = isWaiting && who.roles.includes('finance') && !isSamePerson(makerId, who.id);
    const consent = await this.tools.approvals.of(id, who.id);
    return {
      ...summary,
      payouts: await this.view.payoutsOfBatch(id),
      approvals: consent.approvals,
      checkersNeeded: consent.needed,
      prefunding: {
        ...consent.prefunding,
        mayApprove: mayAct && consent.prefunding.approvedBy === null,
      },
      changedPayees: await this.view.changedPayees(id),
      mayApprove:
        mayAct && !consent.isGiven && !isTooLateFor(summary.executionDate, this.tools.clock.now()),
      bankBalanceMinor: bank?.balanceMinor ?? '0',
      heldBack: held.map(({ settlementId, merchantId, amount, code, reason }) => ({
        ...{ settlementId, merchantId, amountMinor: amount.minor.toString(), code, reason },
      })),
    };
  }
}
