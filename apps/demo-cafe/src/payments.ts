import WxPay from 'wechatpay-node-v3';
import { z } from 'zod';
import type { CafeConfig } from './config.js';
import type { OrderLine } from './menu.js';
import type { CafeOrder } from './orders.js';
import { stuiverHttp } from './stuiver-http.js';

const Output = z.object({
  status: z.number(),
  data: z.unknown().optional(),
  error: z.unknown().optional(),
});
const PayParameters = z.object({
  timeStamp: z.string(),
  nonceStr: z.string(),
  package: z.string(),
  signType: z.string(),
  paySign: z.string(),
});
const Queried = z.object({ trade_state: z.string() });
const Refunded = z.object({ refund_id: z.string(), status: z.string() });
const Notification = z.object({
  event_type: z.string(),
  resource: z.object({ ciphertext: z.string(), associated_data: z.string(), nonce: z.string() }),
});
const Paid = z.object({
  out_trade_no: z.string(),
  trade_state: z.literal('SUCCESS'),
  amount: z.object({ total: z.number().int() }),
});

export type PayParameters = z.infer<typeof PayParameters>;

/** The answer was no; what Stuiver said about it. */
export class PaymentRefused extends Error {
  override readonly name = 'PaymentRefused';
}

// The package is CommonJS with a default export inside its exports.
const Sdk = (WxPay as unknown as { default?: typeof WxPay }).default ?? WxPay;

/** The café's payments: wechatpay-node-v3 as published. */
export class CafePayments {
  private readonly pay: WxPay;

  constructor(
    private readonly config: CafeConfig,
    private readonly notifyUrl: string,
  ) {
    const { merchant } = config;
    this.pay = new Sdk({
      appid: merchant.appid,
      mchid: merchant.mchid,
      publicKey: config.certificate,
      privateKey: config.privateKey,
      serial_no: merchant.serial_no,
      key: merchant.api_v3_key,
    });
    this.pay.createHttp(stuiverHttp(merchant.base_url));
  }

  /** Opens the order at Stuiver. @returns what the page gives to `wx.requestPayment`. */
  async order(order: CafeOrder, lines: readonly OrderLine[]): Promise<PayParameters> {
    const answer = await this.pay.transactions_jsapi({
      description: order.description,
      out_trade_no: order.number,
      notify_url: this.notifyUrl,
      amount: { total: order.totalMinor, currency: 'EUR' },
      payer: { openid: order.openid },
      detail: { goods_detail: lines.map(goodsOf) },
    });
    return PayParameters.parse(dataOf(answer));
  }

  async isPaid(number: string): Promise<boolean> {
    const answer = await this.pay.query({ out_trade_no: number });
    return ['SUCCESS', 'REFUND'].includes(Queried.parse(dataOf(answer)).trade_state);
  }

  async refund(order: CafeOrder, refund: { number: string; minor: number }): Promise<string> {
    const answer = await this.pay.refunds({
      out_trade_no: order.number,
      out_refund_no: refund.number,
      reason: 'Terug aan de balie',
      amount: { refund: refund.minor, total: order.totalMinor, currency: 'EUR' },
    });
    return Refunded.parse(dataOf(answer)).status;
  }

  /** Checks signature and content. @returns the paid order, or undefined for other news. @throws when it is forged */
  async readNotification(
    headers: Readonly<Record<string, string | string[] | undefined>>,
    body: string,
  ): Promise<{ number: string; totalMinor: number } | undefined> {
    const header = (name: string): string => String(headers[name] ?? '');
    const genuine = await this.pay.verifySign({
      timestamp: header('wechatpay-timestamp'),
      nonce: header('wechatpay-nonce'),
      body,
      serial: header('wechatpay-serial'),
      signature: header('wechatpay-signature'),
      apiSecret: this.config.merchant.api_v3_key,
    });
    if (!genuine) throw new PaymentRefused('the notification is not from Stuiver');
    const { event_type: type, resource } = Notification.parse(JSON.parse(body));
    if (type !== 'TRANSACTION.SUCCESS') return undefined;
    const plain: unknown = this.pay.decipher_gcm(
      resource.ciphertext,
      resource.associated_data,
      resource.nonce,
    );
    const paid = Paid.parse(plain);
    return { number: paid.out_trade_no, totalMinor: paid.amount.total };
  }
}

/** What the payer sees on the sheet, line by line. */
function goodsOf({ item, quantity }: OrderLine): {
  merchant_goods_id: string;
  goods_name: string;
  quantity: number;
  unit_price: number;
} {
  const { id, name, priceMinor } = item;
  return { merchant_goods_id: id, goods_name: name, quantity, unit_price: priceMinor };
}

function dataOf(answer: unknown): unknown {
  const { status, data, error } = Output.parse(answer);
  if (status >= 200 && status < 300) return data;
  throw new PaymentRefused(`${status} ${JSON.stringify(error)}`);
}
