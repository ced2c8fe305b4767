import { Controller, Get, Inject, Param, Redirect } from '@nestjs/common';
import { Refusal } from '@stuiver/errors';
import { PAGE_OPTIONS, type PageOptions } from '../page-options.js';
import { ReturnFromBank } from '../../../use-cases/return-from-bank.js';

/**
 * Where the bank sends the payer. Perhaps in another browser than the one that left: state lives here, by id, and the
 * page that follows shows it to whoever has the session.
 */
@Controller('checkout/return')
export class ReturnController {
  constructor(
    @Inject(ReturnFromBank) private readonly returnFromBank: ReturnFromBank,
    @Inject(PAGE_OPTIONS) private readonly options: PageOptions,
  ) {}

  @Get(':id')
  @Redirect('', 303)
  async get(@Param('id') id: string): Promise<{ url: string }> {
    const what = await this.returnFromBank.run(id);
    if (what === undefined) throw new Refusal('NOT_FOUND');
    return { url: `${this.options.publicUrl}/returned?${what}=${id}` };
  }
}
