import { Controller, Get, Inject, Param, UseGuards } from '@nestjs/common';
import { OpenCardFields } from '../../../use-cases/open-card-fields.js';
import { PAGE_OPTIONS, type PageOptions } from '../page-options.js';
import { Payer, PayerGuard } from '../payer.guard.js';
import { presentAttempt } from './present-attempt.js';

/** What the card page asks: the card itself goes from the payer's browser to the PSP, past us. */
@Controller('checkout/attempts')
@UseGuards(PayerGuard)
export class CardFieldsController {
  constructor(
    @Inject(OpenCardFields) private readonly openCardFields: OpenCardFields,
    @Inject(PAGE_OPTIONS) private readonly options: PageOptions,
  ) {}

  @Get(':id/card')
  async get(@Payer() userId: string, @Param('id') attemptId: string): Promise<object> {
    const opened = await this.openCardFields.run({ attemptId, userId });
    const { order, attempt, secret, publishableKey, scriptUrl } = opened;
    return {
      ...{ attempt: presentAttempt(attempt), secret },
      ...{ publishable_key: publishableKey, script_url: scriptUrl },
      return_url: `${this.options.publicUrl}/checkout/return/${attemptId}`,
      description: order.description,
      amount: { total_minor: order.amount.minor.toString(), currency: order.amount.currency },
    };
  }
}
