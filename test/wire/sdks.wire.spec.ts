import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type DemoMerchant,
  type DemoPayer,
  eventually,
  type RunningStuiver,
  startStuiver,
} from '@stuiver/testing';
import {
  listenForNotifications,
  type NotificationListener,
} from '../support/notification-listener.js';
import { type MerchantSdk, SDKS } from '../support/wechat-sdks.js';

/*
 * The published SDKs, unmodified, as a merchant's server uses them: order, be paid, be told, give back.
 */

let stuiver: RunningStuiver;
let merchant: DemoMerchant;
let payer: DemoPayer;
let listener: NotificationListener;

beforeAll(async () => {
  stuiver = await startStuiver();
  merchant = await stuiver.merchant();
  const [first] = await stuiver.payers();
  if (first === undefined) throw new Error('the demo has payers');
  payer = first;
  listener = await listenForNotifications();
}, 120_000);

afterAll(async () => {
  listener.close();
  await stuiver.dispose();
}, 60_000);

async function pay(ticket: object): Promise<unknown> {
  const answer = await fetch(`${stuiver.apiUrl}/sandbox/pay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ outcome: 'success', ...ticket }),
  });
  return answer.json();
}

describe.each(SDKS)('%s', (name, open) => {
  let sdk: MerchantSdk;
  const prefix = name.replace('wechatpay-', '');
  const currency = 'EUR';

  beforeAll(async () => {
    sdk = await open(merchant);
  });

  const orderOf = (number: string, total: number) => ({
    out_trade_no: `${prefix}-${number}`,
    description: 'Koffie verkeerd & "stroopwafel"',
    notify_url: listener.url,
    attach: 'tafel 7',
    amount: { total, currency },
  });

  it('orders, is paid from the wallet and told so, and finds the order by both numbers', async () => {
    const order = orderOf('jsapi', 325);
    const prepayId = await sdk.jsapi({ ...order, payer: { openid: payer.openid } });
    expect(await sdk.query({ out_trade_no: order.out_trade_no })).toMatchObject({
      trade_state: 'NOTPAY',
      amount: { total: 325, currency },
    });

    expect(await pay({ prepay_id: prepayId, method: 'wallet' })).toEqual({
      errMsg: 'requestPayment:ok',
      trade_state: 'SUCCESS',
    });
    const told = await sdk.read(await toldAbout('TRANSACTION.SUCCESS', sdk, order.out_trade_no));
    expect(told).toMatchObject({
      mchid: merchant.mchid,
      appid: merchant.appid,
      out_trade_no: order.out_trade_no,
      trade_type: 'JSAPI',
      trade_state: 'SUCCESS',
      bank_type: 'OTHERS',
      attach: 'tafel 7',
      payer: { openid: payer.openid },
      amount: { total: 325, payer_total: 325, currency, payer_currency: currency },
    });
    expect(told['transaction_id']).toMatch(/^\d{28}$/);
    expect(told['success_time']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/);

    const transaction_id = String(told['transaction_id']);
    expect(await sdk.query({ out_trade_no: order.out_trade_no })).toEqual(told);
    expect(await sdk.query({ transaction_id })).toEqual(told);
  });

  it('shows a QR code that is paid by iDEAL', async () => {
    const order = orderOf('native', 1250);
    const codeUrl = await sdk.native(order);
    expect(codeUrl).toMatch(/^http:\/\/localhost:\d+\/p\/[\w-]+$/);
    expect(await pay({ code_url: codeUrl, method: 'ideal' })).toMatchObject({
      trade_state: 'SUCCESS',
    });
    const told = await sdk.read(await toldAbout('TRANSACTION.SUCCESS', sdk, order.out_trade_no));
    expect(told).toMatchObject({ trade_type: 'NATIVE', amount: { total: 1250 } });
  });

  it('closes an unpaid order, twice, and cannot order it again', async () => {
    const order = orderOf('closed', 100);
    await sdk.native(order);
    expect(await sdk.close(order.out_trade_no)).toBe(204);
    expect(await sdk.close(order.out_trade_no)).toBe(204);
    expect(await sdk.query({ out_trade_no: order.out_trade_no })).toMatchObject({
      trade_state: 'CLOSED',
    });
    await expect(sdk.native(order)).rejects.toThrow();
  });

  it.each([
    ['wallet', 200, 120],
    ['ideal', 900, 900],
  ] as const)('gives back in part and whole, paid by %s', async (method, total, amount) => {
    const order = orderOf(`refund-${method}`, total);
    await pay({ code_url: await sdk.native(order), method });
    const refund = {
      out_trade_no: order.out_trade_no,
      out_refund_no: `${order.out_trade_no}@1`,
      reason: 'te koud',
      notify_url: listener.url,
      amount: { refund: amount, total, currency },
    };
    const asked = await sdk.refund(refund);
    expect(asked).toMatchObject({
      out_refund_no: refund.out_refund_no,
      out_trade_no: order.out_trade_no,
      channel: 'ORIGINAL',
      amount: { refund: amount, total, payer_refund: amount, payer_total: total, currency },
    });
    expect(['PROCESSING', 'SUCCESS']).toContain(asked['status']);

    const told = await sdk.read(await toldAbout('REFUND.SUCCESS', sdk, order.out_trade_no));
    expect(told).toMatchObject({
      mchid: merchant.mchid,
      out_refund_no: refund.out_refund_no,
      refund_id: asked['refund_id'],
      refund_status: 'SUCCESS',
      amount: { total, refund: amount, payer_total: total, payer_refund: amount },
    });
    expect(told).not.toHaveProperty('status');
    expect(await sdk.findRefund(refund.out_refund_no)).toMatchObject({ status: 'SUCCESS' });
    expect(await sdk.refund(refund)).toMatchObject({ refund_id: asked['refund_id'] });
    expect(await sdk.query({ out_trade_no: order.out_trade_no })).toMatchObject({
      trade_state: 'REFUND',
    });
  });
});

/** Notifications say what they are about only inside: the SDK opens one after the other. */
async function toldAbout(eventType: string, sdk: MerchantSdk, outTradeNo: string) {
  return eventually(`${eventType} about ${outTradeNo}`, async () => {
    for (const heard of listener.heard.filter((one) => one.eventType === eventType)) {
      if ((await sdk.read(heard))['out_trade_no'] === outTradeNo) return heard;
    }
    return undefined;
  });
}
