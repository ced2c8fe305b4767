import { Controller, Get, Inject, UseGuards } from '@nestjs/common';
import type { LedgerClock, TrialBalance, TrialBalanceAt } from '@stuiver/contracts';
import { OperatorGuard, ValidQuery } from '@stuiver/http';
import { TakeTrialBalance } from '../../use-cases/take-trial-balance.js';
import { TakeTrialBalanceAt } from '../../use-cases/take-trial-balance-at.js';
import { instantOf, IsClock, IsInstant, Optional } from './time-parameters.js';

/** `at`: an ISO 8601 instant, now when left out; `clock`: `effective` when left out. */
class TrialBalanceQuery {
  @Optional() @IsInstant() readonly at?: string;
  @Optional() @IsClock() readonly clock?: LedgerClock;
}

/** `GET /operator/ledger/trial-balance?at=&clock=` */
@Controller('operator/ledger/trial-balance')
@UseGuards(OperatorGuard)
export class TakeTrialBalanceController {
  constructor(
    @Inject(TakeTrialBalance) private readonly takeTrialBalance: TakeTrialBalance,
    @Inject(TakeTrialBalanceAt) private readonly takeTrialBalanceAt: TakeTrialBalanceAt,
  ) {}

  @Get()
  get(
    @ValidQuery(TrialBalanceQuery) { at, clock = 'effective' }: TrialBalanceQuery,
  ): Promise<TrialBalance | TrialBalanceAt> {
    if (at === undefined) return this.takeTrialBalance.run();
    return this.takeTrialBalanceAt.run({ clock, at: instantOf('at', at) });
  }
}
