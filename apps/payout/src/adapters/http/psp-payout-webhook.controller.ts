import { Controller, Headers, HttpCode, Inject, Post } from '@nestjs/common';
import { RawBody } from '@stuiver/http';
import { TakePspMessage } from '../../use-cases/take-psp-message.js';

/** Takes what the PSP tells about its payouts and balance: verified, kept, answered. The work is done later. */
@Controller('webhooks/psp/payout')
export class PspPayoutWebhookController {
  constructor(@Inject(TakePspMessage) private readonly takePspMessage: TakePspMessage) {}

  @Post()
  @HttpCode(200)
  async post(
    @RawBody() rawBody: Buffer,
    @Headers('stripe-signature') signature: string | undefined,
  ): Promise<{ received: true }> {
    await this.takePspMessage.run({ rawBody, signature: signature ?? '' });
    return { received: true };
  }
}
