import { Controller, Get, HttpCode, Inject, Param, Post, UseGuards } from '@nestjs/common';
import { IsString, Length } from 'class-validator';
import { ValidBody, ValidQuery, validText } from '@stuiver/http';
import { CloseOrder } from '../../../use-cases/close-order.js';
import { FindOrder } from '../../../use-cases/find-order.js';
import { MerchantGuard } from './merchant.guard.js';
import { presentOrder } from './present.js';
import { OUT_TRADE_NO, OUT_TRADE_NO_SAYS, TRANSACTION_ID, TRANSACTION_ID_SAYS } from './rules.js';
import { Merchant, requireOwnMchid, type SignedBy } from './signed-by.js';

class OwnMchid {
  @IsString() @Length(1, 32) readonly mchid!: string;
}

/** Asks after an order by either number, and closes it (section 2.1). */
@Controller('v3/pay/transactions')
@UseGuards(MerchantGuard)
export class FindOrderController {
  constructor(
    @Inject(FindOrder) private readonly findOrder: FindOrder,
    @Inject(CloseOrder) private readonly closeOrder: CloseOrder,
  ) {}

  @Get('id/:transactionId')
  async byTransactionId(
    @Merchant() merchant: SignedBy,
    @Param('transactionId') transactionId: string,
    @ValidQuery(OwnMchid) query: OwnMchid,
  ): Promise<object> {
    requireOwnMchid(query.mchid, merchant, 'query');
    const id = validText(transactionId, {
      field: 'transaction_id',
      pattern: TRANSACTION_ID,
      says: TRANSACTION_ID_SAYS,
      location: 'path',
    });
    return presentOrder(await this.findOrder.byTransactionId(merchant.mchid, id));
  }

  @Get('out-trade-no/:outTradeNo')
  async byOutTradeNo(
    @Merchant() merchant: SignedBy,
    @Param('outTradeNo') outTradeNo: string,
    @ValidQuery(OwnMchid) query: OwnMchid,
  ): Promise<object> {
    requireOwnMchid(query.mchid, merchant, 'query');
    const number = validOutTradeNo(outTradeNo);
    return presentOrder(await this.findOrder.byOutTradeNo(merchant.mchid, number));
  }

  @Post('out-trade-no/:outTradeNo/close')
  @HttpCode(204)
  async close(
    @Merchant() merchant: SignedBy,
    @Param('outTradeNo') outTradeNo: string,
    @ValidBody(OwnMchid) body: OwnMchid,
  ): Promise<void> {
    requireOwnMchid(body.mchid, merchant, 'body');
    await this.closeOrder.run({ mchid: merchant.mchid, outTradeNo: validOutTradeNo(outTradeNo) });
  }
}

function validOutTradeNo(text: string): string {
  return validText(text, {
    field: 'out_trade_no',
    pattern: OUT_TRADE_NO,
    says: OUT_TRADE_NO_SAYS,
    location: 'path',
  });
}
