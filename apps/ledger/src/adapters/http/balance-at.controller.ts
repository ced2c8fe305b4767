import { Controller, Get, Inject, Param, UseGuards } from '@nestjs/common';
import type { BalanceAt, LedgerClock } from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';
import { OperatorGuard, ValidQuery } from '@stuiver/http';
import { FindBalanceAt } from '../../use-cases/find-balance-at.js';
import { accountParameter } from './account-parameter.js';
import { instantOf, IsClock, IsInstant, Optional } from './time-parameters.js';

/** `at`: an ISO 8601 instant; `clock`: `effective` when left out. */
export class MomentQuery {
  @IsInstant() readonly at!: string;
  @Optional() @IsClock() readonly clock?: LedgerClock;
}

/** `GET /operator/ledger/accounts/:account/balance?at=&clock=` */
@Controller('operator/ledger/accounts')
@UseGuards(OperatorGuard)
export class BalanceAtController {
  constructor(@Inject(FindBalanceAt) private readonly findBalanceAt: FindBalanceAt) {}

  @Get(':account/balance')
  async get(
    @Param('account') account: string,
    @ValidQuery(MomentQuery) { at, clock = 'effective' }: MomentQuery,
  ): Promise<BalanceAt> {
    const question = { clock, at: instantOf('at', at) };
    const balance = await this.findBalanceAt.run(accountParameter(account), question);
    if (balance === null) throw new Refusal('NOT_FOUND', { field: 'account', value: account });
    return balance;
  }
}
