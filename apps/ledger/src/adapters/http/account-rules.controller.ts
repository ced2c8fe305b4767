import { Controller, Get, Inject, Param, UseGuards } from '@nestjs/common';
import { IsString, MaxLength } from 'class-validator';
import type { AccountRules, OpenHoldsPage } from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';
import { OperatorGuard, ValidQuery } from '@stuiver/http';
import { ListOpenHolds, OPEN_HOLDS_MAX } from '../../use-cases/list-open-holds.js';
import { ViewRules } from '../../use-cases/view-rules.js';
import { accountParameter } from './account-parameter.js';
import { Optional } from './time-parameters.js';

/** `after`: the last hold of the page before. */
export class OpenHoldsQuery {
  @Optional() @IsString() @MaxLength(60) readonly after?: string;
}

/** `GET /operator/ledger/accounts/:account/rules` and `…/holds?after=` */
@Controller('operator/ledger/accounts')
@UseGuards(OperatorGuard)
export class AccountRulesController {
  constructor(
    @Inject(ViewRules) private readonly viewRules: ViewRules,
    @Inject(ListOpenHolds) private readonly listOpenHolds: ListOpenHolds,
  ) {}

  @Get(':account/rules')
  async rules(@Param('account') account: string): Promise<AccountRules> {
    const rules = await this.viewRules.run(accountParameter(account));
    if (rules === null) throw new Refusal('NOT_FOUND', { field: 'account', value: account });
    return rules;
  }

  @Get(':account/holds')
  holds(
    @Param('account') account: string,
    @ValidQuery(OpenHoldsQuery) { after = '' }: OpenHoldsQuery,
  ): Promise<OpenHoldsPage> {
    return this.listOpenHolds.run(accountParameter(account), { after, limit: OPEN_HOLDS_MAX });
  }
}
