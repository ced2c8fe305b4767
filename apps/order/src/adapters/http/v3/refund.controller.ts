import { Controller, Get, HttpCode, Inject, Param, Post, UseGuards } from '@nestjs/common';
import { IsIn } from 'class-validator';
import { Refusal } from '@stuiver/errors';
import { ValidBody, ValidQuery, validText } from '@stuiver/http';
import { FindRefund } from '../../../use-cases/find-refund.js';
import { RequestRefund, type RefundRequest } from '../../../use-cases/request-refund.js';
import { MerchantGuard } from './merchant.guard.js';
import { presentRefund } from './present.js';
import { RequestRefundBody } from './refund-body.js';
import { Optional, OUT_REFUND_NO, OUT_REFUND_NO_SAYS } from './rules.js';
import { Merchant, type SignedBy } from './signed-by.js';

class FindRefundQuery {
  @Optional()
  @IsIn([], { message: '$property is for partners, which are not served here' })
  readonly sub_mchid?: string;
}

/** Starts a refund and asks after it (section 5). */
@Controller('v3/refund/domestic/refunds')
@UseGuards(MerchantGuard)
export class RefundController {
  constructor(
    @Inject(RequestRefund) private readonly requestRefund: RequestRefund,
    @Inject(FindRefund) private readonly findRefund: FindRefund,
  ) {}

  @Post()
  @HttpCode(200)
  async post(
    @Merchant() merchant: SignedBy,
    @ValidBody(RequestRefundBody) body: RequestRefundBody,
  ): Promise<object> {
    return presentRefund(await this.requestRefund.run(toRequest(merchant, body)));
  }

  @Get(':outRefundNo')
  async get(
    @Merchant() merchant: SignedBy,
    @Param('outRefundNo') outRefundNo: string,
    // eslint-disable-next-line @typescript-eslint/no-unused-vars -- checked, and that is all
    @ValidQuery(FindRefundQuery) _query: FindRefundQuery,
  ): Promise<object> {
    const number = validText(outRefundNo, {
      field: 'out_refund_no',
      pattern: OUT_REFUND_NO,
      says: OUT_REFUND_NO_SAYS,
      location: 'path',
    });
    return presentRefund(await this.findRefund.run({ mchid: merchant.mchid, outRefundNo: number }));
  }
}

function toRequest(merchant: SignedBy, body: RequestRefundBody): RefundRequest {
  if (body.amount.from !== undefined && body.amount.from.length > 0) {
    throw new Refusal('INVALID_REQUEST', {
      field: 'amount.from',
      rule: 'is for orders with profit sharing only',
    });
  }
  return {
    mchid: merchant.mchid,
    by: orderOf(body),
    outRefundNo: body.out_refund_no,
    amountMinor: BigInt(body.amount.refund),
    totalMinor: BigInt(body.amount.total),
    currency: body.amount.currency,
    reason: body.reason ?? null,
    notifyUrl: body.notify_url ?? null,
    fundsAccount: body.funds_account ?? null,
  };
}

/** The platform's own number is the surer one when both are given. */
function orderOf({ transaction_id, out_trade_no }: RequestRefundBody): RefundRequest['by'] {
  if (transaction_id !== undefined) return { transactionId: transaction_id };
  if (out_trade_no !== undefined) return { outTradeNo: out_trade_no };
  throw new Refusal('PARAM_ERROR', {
    field: 'out_trade_no',
    rule: 'is required unless transaction_id is given',
    value: '',
    location: 'body',
  });
}
