import { Controller, Get, HttpCode, Inject, Param, Post, Res, UseGuards } from '@nestjs/common';
import { IsIn, Matches } from 'class-validator';
import type { FastifyReply } from 'fastify';
import type {
  NextPayout,
  OrderTransfers,
  Page,
  SettlementDetail,
  SettlementSummary,
} from '@stuiver/console-api';
import { Refusal } from '@stuiver/errors';
import { ValidQuery } from '@stuiver/http';
import { Needs, requireMerchant, SignedIn, type StaffClaims, StaffGuard } from '@stuiver/staff';
import { RunPayouts } from '../../use-cases/run-payouts.js';
import { SettlementView } from '../postgres/settlement-view.js';
import { ConsoleSettlements } from '../postgres/console-settlements.js';
import { NextPayouts } from '../postgres/next-payout.js';
import { CONSOLE_TOOLS, type ConsoleTools } from './console-batches.controller.js';
import {
  found,
  IsIdOf,
  ITEMS_PER_PAGE,
  needId,
  needMerchant,
  Optional,
  pageOf,
} from './console-rules.js';
import { needFile, sendSettlement } from './settlement-files.js';
import type { Language } from './settlement-words.js';

class FileQuery {
  @Optional() @IsIn(['nl', 'en']) readonly lang?: Language;
}

const ORDER_ID = /^ord_[0-9a-z]{26}$/;

class ListQuery {
  @Optional() @IsIdOf('Settlement') readonly before?: string;
}

class LinesQuery {
  @Optional()
  @Matches(/^(0|[1-9]\d{0,17})$/, { message: '$property must be the version of a line' })
  readonly after?: string;
}

/** A merchant's settlements; another merchant's do not exist. */
@Controller('console/merchants/:mchid/settlements')
@UseGuards(StaffGuard)
export class ConsoleSettlementsController {
  constructor(
    @Inject(ConsoleSettlements) private readonly view: ConsoleSettlements,
    @Inject(NextPayouts) private readonly nextPayouts: NextPayouts,
    @Inject(SettlementView) private readonly whole: SettlementView,
    @Inject(RunPayouts) private readonly runPayouts: RunPayouts,
    @Inject(CONSOLE_TOOLS) private readonly tools: ConsoleTools,
  ) {}

  @Get()
  async list(
    @SignedIn() who: StaffClaims,
    @Param('mchid') mchid: string,
    @ValidQuery(ListQuery) query: ListQuery,
  ): Promise<Page<SettlementSummary>> {
    requireMerchant(who, needMerchant(mchid));
    const page = { before: query.before ?? null, limit: ITEMS_PER_PAGE };
    return pageOf(await this.view.list(mchid, page), ({ settlementId }) => settlementId);
  }

  /** What is paid out next, and why. */
  @Get('next')
  async next(@SignedIn() who: StaffClaims, @Param('mchid') mchid: string): Promise<NextPayout> {
    requireMerchant(who, needMerchant(mchid));
    return this.nextPayouts.of(mchid, this.tools.clock.now());
  }

  /** Settles now what is open, whatever the terms say. @throws Refusal NOTHING_TO_SETTLE */
  @Post()
  @HttpCode(200)
  @Needs('merchant', 'finance', 'operator')
  async settle(@SignedIn() who: StaffClaims, @Param('mchid') mchid: string): Promise<object> {
    requireMerchant(who, needMerchant(mchid));
    const { id, state } = await this.runPayouts.settle(mchid);
    if (state === 'empty') {
      const rule = 'nothing is open that could be settled';
      throw new Refusal('NOTHING_TO_SETTLE', { rule, why: 'nothing-open' });
    }
    return { settlementId: id, state };
  }

  @Get('of-order/:orderId')
  async ofOrder(
    @SignedIn() who: StaffClaims,
    @Param('mchid') mchid: string,
    @Param('orderId') orderId: string,
  ): Promise<OrderTransfers> {
    requireMerchant(who, needMerchant(mchid));
    if (!ORDER_ID.test(orderId)) throw new Refusal('NOT_FOUND');
    return { lines: await this.view.ofOrder(mchid, orderId) };
  }

  /** `lines.csv`, `lines.json` and `lines.pdf`, to the last line. */
  @Get(':id/lines.:file')
  async file(
    @SignedIn() who: StaffClaims,
    @Param() { mchid, id, file }: { mchid: string; id: string; file: string },
    @ValidQuery(FileQuery) { lang = 'nl' }: FileQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    requireMerchant(who, needMerchant(mchid));
    const settlement = found(await this.whole.find(mchid, needId('Settlement', id)));
    const of = { merchantId: mchid, settlement, file: needFile(file), language: lang };
    await sendSettlement(reply.header('cache-control', 'no-store'), this.whole, of);
  }

  @Get(':id')
  async show(
    @SignedIn() who: StaffClaims,
    @Param('mchid') mchid: string,
    @Param('id') id: string,
    @ValidQuery(LinesQuery) query: LinesQuery,
  ): Promise<SettlementDetail> {
    requireMerchant(who, needMerchant(mchid));
    return found(await this.view.find(mchid, needId('Settlement', id), query.after ?? null));
  }
}
