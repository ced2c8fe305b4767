import { Controller, Get, Inject, Param, UseGuards } from '@nestjs/common';
import { Matches } from 'class-validator';
import type { Page, SettlementDetail, SettlementSummary } from '@stuiver/console-api';
import { ValidQuery } from '@stuiver/http';
import { requireMerchant, SignedIn, type StaffClaims, StaffGuard } from '@stuiver/staff';
import { ConsoleSettlements } from '../postgres/console-settlements.js';
import {
  found,
  IsIdOf,
  ITEMS_PER_PAGE,
  needId,
  needMerchant,
  Optional,
  pageOf,
} from './console-rules.js';

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
  constructor(@Inject(ConsoleSettlements) private readonly view: ConsoleSettlements) {}

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
