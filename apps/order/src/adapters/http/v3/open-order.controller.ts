import { Controller, HttpCode, Inject, Post, UseGuards } from '@nestjs/common';
import { Refusal } from '@stuiver/errors';
import { ValidBody } from '@stuiver/http';
import { parseWireTime } from '@stuiver/merchant-wire';
import { OpenOrder, type OpenOrderRequest } from '../../../use-cases/open-order.js';
import { WIRE_OPTIONS } from '../wire-options.js';
import { MerchantGuard } from './merchant.guard.js';
import { OpenJsapiOrderBody, OpenOrderBody } from './order-body.js';
import { Merchant, requireOwnMchid, type SignedBy } from './signed-by.js';

/** Orders that a mini-program or a QR code pays (section 2.1). */
@Controller('v3/pay/transactions')
@UseGuards(MerchantGuard)
export class OpenOrderController {
  constructor(
    @Inject(OpenOrder) private readonly openOrder: OpenOrder,
    @Inject(WIRE_OPTIONS) private readonly options: { readonly publicUrl: string },
  ) {}

  @Post('jsapi')
  @HttpCode(200)
  async jsapi(
    @Merchant() merchant: SignedBy,
    @ValidBody(OpenJsapiOrderBody) body: OpenJsapiOrderBody,
  ): Promise<{ prepay_id: string }> {
    if (body.payer.identity !== undefined) throw notEnabled('payer.identity');
    const { openid } = body.payer;
    const { prepayId } = await this.openOrder.run({
      ...toRequest(merchant, body),
      tradeType: 'JSAPI',
      openid,
    });
    return { prepay_id: prepayId };
  }

  @Post('native')
  @HttpCode(200)
  async native(
    @Merchant() merchant: SignedBy,
    @ValidBody(OpenOrderBody) body: OpenOrderBody,
  ): Promise<{ code_url: string }> {
    const request = { ...toRequest(merchant, body), tradeType: 'NATIVE', openid: null } as const;
    const { code } = await this.openOrder.run(request);
    return { code_url: `${this.options.publicUrl}/p/${code ?? ''}` };
  }
}

function toRequest(
  merchant: SignedBy,
  body: OpenOrderBody,
): Omit<OpenOrderRequest, 'tradeType' | 'openid'> {
  requireOwnMchid(body.mchid, merchant, 'body');
  if (body.settle_info?.profit_sharing === true) throw notEnabled('settle_info.profit_sharing');
  return {
    mchid: body.mchid,
    appid: body.appid,
    outTradeNo: body.out_trade_no,
    description: body.description,
    attach: body.attach ?? null,
    notifyUrl: body.notify_url,
    amountMinor: BigInt(body.amount.total),
    currency: body.amount.currency,
    timeExpire: body.time_expire === undefined ? null : parseWireTime(body.time_expire),
    extra: extraOf(body),
  };
}

/** What is only shown or given back. Plain objects: the DTO's classes mean nothing outside this folder. */
function extraOf(body: OpenOrderBody): Record<string, unknown> {
  const { goods_tag, limit_pay, detail, scene_info, settle_info, subsidy_info, support_fapiao } =
    body;
  const given = {
    goods_tag,
    limit_pay,
    detail,
    scene_info,
    settle_info,
    subsidy_info,
    support_fapiao,
  };
  return JSON.parse(JSON.stringify(given)) as Record<string, unknown>;
}

/** Money would stay frozen, or a name be checked, and neither happens here: saying so beats taking the order. */
function notEnabled(field: string): Refusal {
  return new Refusal('NO_AUTH', { field, rule: 'is not enabled for this merchant' });
}
