import { Controller, Headers, HttpCode, Inject, Post } from '@nestjs/common';
import { RawBody } from '@stuiver/http';
import { TakePspWebhook } from '../../../use-cases/psp-inbox.js';

/** Takes what the PSP tells us: verified, kept, answered. The work is done later. */
@Controller('webhooks/psp/order')
export class PspWebhookController {
  constructor(@Inject(TakePspWebhook) private readonly takePspWebhook: TakePspWebhook) {}

  @Post()
  @HttpCode(200)
  async post(
    @RawBody() rawBody: Buffer,
    @Headers('stripe-signature') signature: string | undefined,
  ): Promise<{ received: true }> {
    await this.takePspWebhook.run({ rawBody, signature: signature ?? '' });
    return { received: true };
  }
}
