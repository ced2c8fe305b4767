import { Controller, Get, Inject, UseGuards } from '@nestjs/common';
import { Matches } from 'class-validator';
import { ValidQuery } from '@stuiver/http';
import { notOffered } from '../../../use-cases/not-offered.js';
import { PAGE_OPTIONS, type PageOptions } from '../page-options.js';
import { FindWallet, type HistoryItem } from '../../../use-cases/find-wallet.js';
import { Payer, PayerGuard } from '../payer.guard.js';
import { Optional } from '../rules.js';

const LIMIT_DEFAULT = 20;
const CURSOR = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)_([0-9a-z_]{1,40})$/;

export class HistoryQuery {
  @Optional()
  @Matches(CURSOR, { message: '$property must be what the page before said under next' })
  readonly before?: string;

  @Optional()
  @Matches(/^([1-9]|[1-9]\d|100)$/, { message: '$property must be a number from 1 to 100' })
  readonly limit?: string;
}

/** What a payer has here, and what happened to it. */
@Controller('wallet')
@UseGuards(PayerGuard)
export class WalletController {
  constructor(
    @Inject(FindWallet) private readonly findWallet: FindWallet,
    @Inject(PAGE_OPTIONS) private readonly options: PageOptions,
  ) {}

  @Get('balance')
  async balance(@Payer() userId: string): Promise<object> {
    if (!this.options.offersBalance) throw notOffered('a balance');
    const { currency, availableMinor, heldMinor } = await this.findWallet.balance(userId);
    return {
      currency,
      available_minor: availableMinor.toString(),
      held_minor: heldMinor.toString(),
    };
  }

  @Get('history')
  async history(
    @Payer() userId: string,
    @ValidQuery(HistoryQuery) query: HistoryQuery,
  ): Promise<object> {
    const [, at = '', id = ''] = CURSOR.exec(query.before ?? '') ?? [];
    const { items, next } = await this.findWallet.history(userId, {
      before: query.before === undefined ? null : { at: new Date(at), id },
      limit: query.limit === undefined ? LIMIT_DEFAULT : Number(query.limit),
    });
    return {
      items: items.map(shown),
      next: next && `${next.at.toISOString()}_${next.id}`,
    };
  }
}

function shown(item: HistoryItem): object {
  const { id, kind, currency, title, method, state } = item;
  const at = item.at.toISOString();
  return {
    id,
    kind,
    amount_minor: item.amountMinor.toString(),
    currency,
    at,
    title,
    method,
    state,
  };
}
