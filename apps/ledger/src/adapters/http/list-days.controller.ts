import { Controller, Get, Inject, Param, UseGuards } from '@nestjs/common';
import type { DaySummary, LedgerClock } from '@stuiver/contracts';
import { OperatorGuard, ValidQuery } from '@stuiver/http';
import { DAYS_LISTED_MAX, ListDays } from '../../use-cases/list-days.js';
import { accountParameter } from './account-parameter.js';
import { dayOf, FIRST_DAY, IsClock, IsDay, LAST_DAY, Optional } from './time-parameters.js';

/** First and last day, both included; `clock`: `effective` when left out. */
export class DaysQuery {
  @Optional() @IsDay() readonly from?: string;
  @Optional() @IsDay() readonly to?: string;
  @Optional() @IsClock() readonly clock?: LedgerClock;
}

/** `GET /operator/ledger/accounts/:account/days?from=&to=&clock=`; the next page begins after the last day. */
@Controller('operator/ledger/accounts')
@UseGuards(OperatorGuard)
export class ListDaysController {
  constructor(@Inject(ListDays) private readonly listDays: ListDays) {}

  @Get(':account/days')
  async get(
    @Param('account') account: string,
    @ValidQuery(DaysQuery) { from = FIRST_DAY, to = LAST_DAY, clock = 'effective' }: DaysQuery,
  ): Promise<{ days: readonly DaySummary[] }> {
    const span = { from: dayOf('from', from), to: dayOf('to', to) };
    const page = { ...span, clock, limit: DAYS_LISTED_MAX };
    return { days: await this.listDays.run(accountParameter(account), page) };
  }
}
