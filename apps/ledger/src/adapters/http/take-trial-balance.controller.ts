import { Controller, Get, Inject, UseGuards } from '@nestjs/common';
import type { TrialBalance } from '@stuiver/contracts';
import { OperatorGuard } from '@stuiver/http';
import { TakeTrialBalance } from '../../use-cases/take-trial-balance.js';

/** `GET /operator/ledger/trial-balance` */
@Controller('operator/ledger/trial-balance')
@UseGuards(OperatorGuard)
export class TakeTrialBalanceController {
  constructor(@Inject(TakeTrialBalance) private readonly takeTrialBalance: TakeTrialBalance) {}

  @Get()
  get(): Promise<TrialBalance> {
    return this.takeTrialBalance.run();
  }
}
