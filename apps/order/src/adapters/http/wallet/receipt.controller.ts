import { Controller, Get, Header, Inject, Param, UseGuards } from '@nestjs/common';
import { validText } from '@stuiver/http';
import type { Receipt } from '@stuiver/proof';
import { MakePaymentReceipt } from '../../../use-cases/make-payment-receipt.js';
import { Payer, PayerGuard } from '../payer.guard.js';
import { ORDER_ID, ORDER_ID_SAYS } from '../rules.js';

/** What proves a payer's own payment to anybody: a file to keep. `/verify` checks it. */
@Controller('wallet/payments')
@UseGuards(PayerGuard)
export class ReceiptController {
  constructor(@Inject(MakePaymentReceipt) private readonly makeReceipt: MakePaymentReceipt) {}

  @Get(':orderId/receipt')
  @Header('content-disposition', 'attachment; filename="stuiver-receipt.json"')
  @Header('cache-control', 'no-store')
  get(@Payer() userId: string, @Param('orderId') text: string): Promise<Receipt> {
    const orderId = validText(text, {
      ...{ field: 'order_id', pattern: ORDER_ID, says: ORDER_ID_SAYS, location: 'path' },
    });
    return this.makeReceipt.forPayer(userId, orderId);
  }
}
