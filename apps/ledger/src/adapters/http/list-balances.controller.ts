import { Controller, Get, Inject, UseGuards } from '@nestjs/common';
import { IsIn, Matches } from 'class-validator';
import type { BalancesPage } from '@stuiver/contracts';
import { OperatorGuard, ValidQuery } from '@stuiver/http';
import { ListBalances } from '../../use-cases/list-balances.js';
import { Optional } from './time-parameters.js';

const BALANCES_DEFAULT = '100';
const NAME = /^[A-Za-z0-9_.:-]{1,150}$/;
const NAME_MESSAGE = { message: '$property must be the name of an account, or how it begins' };

/** All may be left out. `after`: the last account of the page before. */
export class BalancesQuery {
  @Optional() @Matches(NAME, NAME_MESSAGE) readonly prefix?: string;
  @Optional() @Matches(NAME, NAME_MESSAGE) readonly after?: string;

  @Optional()
  @Matches(/^(operator|(user|merchant):[A-Za-z0-9_.-]{1,64})$/, {
    message: '$property must be operator, user:{id} or merchant:{id}',
  })
  readonly owner?: string;

  @Optional() @IsIn(['EUR'], { message: '$property must be EUR' }) readonly currency?: string;
  @Optional() @IsIn(['true', 'false']) readonly nonZero?: 'true' | 'false';

  @Optional()
  @Matches(/^([1-9]\d{0,2}|1000)$/, { message: '$property must be a number from 1 to 1000' })
  readonly limit?: string;
}

/** `GET /operator/ledger/balances?prefix=&owner=&currency=&nonZero=&after=&limit=` */
@Controller('operator/ledger/balances')
@UseGuards(OperatorGuard)
export class ListBalancesController {
  constructor(@Inject(ListBalances) private readonly listBalances: ListBalances) {}

  @Get()
  get(@ValidQuery(BalancesQuery) query: BalancesQuery): Promise<BalancesPage> {
    return this.listBalances.run({
      prefix: query.prefix ?? '',
      after: query.after ?? '',
      owner: query.owner ?? null,
      currency: query.currency ?? null,
      isNonZero: query.nonZero === 'true',
      limit: Number(query.limit ?? BALANCES_DEFAULT),
    });
  }
}
