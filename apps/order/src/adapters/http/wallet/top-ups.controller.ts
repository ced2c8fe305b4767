import { Controller, Get, Inject, Param, Post, UseGuards } from '@nestjs/common';
import { IsIn, IsString, Matches } from 'class-validator';
import { Refusal } from '@stuiver/errors';
import { ValidBody } from '@stuiver/http';
import type { TopUp } from '../../../domain/top-up.js';
import { PAGE_OPTIONS, type PageOptions } from '../page-options.js';
import { TopUpWallet } from '../../../use-cases/top-up.js';
import { Payer, PayerGuard } from '../payer.guard.js';
import { CARD_TOKEN, CARD_TOKEN_SAYS, MINOR, MINOR_SAYS, Optional } from '../rules.js';

export class TopUpBody {
  @IsString() @Matches(MINOR, { message: MINOR_SAYS }) readonly amount_minor!: string;
  @IsIn(['ideal', 'card']) readonly method!: 'ideal' | 'card';
  @Optional()
  @IsString()
  @Matches(CARD_TOKEN, { message: CARD_TOKEN_SAYS })
  readonly card_token?: string;
}

/** A payer's own money on its way into their wallet. */
@Controller('wallet/top-ups')
@UseGuards(PayerGuard)
export class TopUpsController {
  constructor(
    @Inject(TopUpWallet) private readonly topUp: TopUpWallet,
    @Inject(PAGE_OPTIONS) private readonly options: PageOptions,
  ) {}

  @Post()
  async post(@Payer() userId: string, @ValidBody(TopUpBody) body: TopUpBody): Promise<object> {
    const cardToken = this.cardOf(body);
    const { amount_minor: amount, method } = body;
    return shown(await this.topUp.run({ userId, amountMinor: BigInt(amount), method, cardToken }));
  }

  @Get(':id')
  async get(@Payer() userId: string, @Param('id') topUpId: string): Promise<object> {
    return shown(await this.topUp.find({ topUpId, userId }));
  }

  /** Without the PSP's own fields in the page, a card is a test card by name: sandbox only. */
  private cardOf(body: TopUpBody): string | null {
    if (body.method === 'ideal') return null;
    if (this.options.sandbox && body.card_token !== undefined) return body.card_token;
    throw new Refusal('PARAM_ERROR', {
      field: this.options.sandbox ? 'card_token' : 'method',
      rule: this.options.sandbox ? 'is required for a card' : 'must be ideal',
    });
  }
}

function shown(topUp: TopUp): object {
  const { id, state, redirectUrl, amount } = topUp;
  return {
    ...{ top_up_id: id, state, redirect_url: state === 'redirected' ? redirectUrl : null },
    ...{ amount_minor: amount.minor.toString(), currency: amount.currency },
    failure: topUp.failure,
  };
}
