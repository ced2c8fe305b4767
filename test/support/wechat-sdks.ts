import { Aes, Formatter, Rsa, Wechatpay } from 'wechatpay-axios-plugin';
import WxPay from 'wechatpay-node-v3';
import { PayRequest } from 'wechatpay-node-v3/dist/lib/pay-request.js';
import type { DemoMerchant } from '@stuiver/testing';
import type { HeardNotification } from './notification-listener.js';

type Fields = Record<string, unknown>;

export interface OrderToPlace {
  readonly out_trade_no: string;
  readonly description: string;
  readonly notify_url: string;
  readonly amount: { readonly total: number; readonly currency: string };
  readonly attach?: string;
}

export interface RefundToAsk {
  readonly out_trade_no: string;
  readonly out_refund_no: string;
  readonly reason: string;
  readonly notify_url: string;
  readonly amount: { readonly refund: number; readonly total: number; readonly currency: string };
}

/** A merchant's server with one of the published SDKs, unmodified. Every method throws unless the answer is a success. */
export interface MerchantSdk {
  jsapi(order: OrderToPlace & { readonly payer: { readonly openid: string } }): Promise<string>;
  native(order: OrderToPlace): Promise<string>;
  query(
    by: { readonly out_trade_no: string } | { readonly transaction_id: string },
  ): Promise<Fields>;
  close(outTradeNo: string): Promise<number>;
  refund(refund: RefundToAsk): Promise<Fields>;
  findRefund(outRefundNo: string): Promise<Fields>;
  /** Verifies signature and age, then decrypts. */
  read(notification: HeardNotification): Promise<Fields>;
}

export const SDKS: readonly (readonly [
  string,
  (merchant: DemoMerchant) => Promise<MerchantSdk>,
])[] = [
  ['wechatpay-node-v3', (merchant) => Promise.resolve(nodeV3(merchant))],
  ['wechatpay-axios-plugin', axiosPlugin],
];

const TENCENT = 'https://api.mch.weixin.qq.com';

interface SdkAnswer {
  readonly status?: number | undefined;
  readonly data?: unknown;
  readonly error?: unknown;
}

/** The host is fixed in its code; its own extension point, `createHttp`, sends the same requests here instead. */
function nodeV3(merchant: DemoMerchant): MerchantSdk {
  const pay = new WxPay({
    appid: merchant.appid,
    mchid: merchant.mchid,
    publicKey: Buffer.from(merchant.certificate),
    privateKey: Buffer.from(merchant.private_key),
    key: merchant.api_v3_key,
  });
  const plain = new PayRequest();
  const here = (url: string): string => url.replace(TENCENT, merchant.base_url);
  pay.createHttp({
    get: (url, headers) => plain.get(here(url), headers),
    post: (url, params, headers) => plain.post(here(url), params, headers),
    upload: (url, params, headers) => plain.upload(here(url), params, headers),
  });
  return {
    jsapi: async (order) => {
      const object = fieldsOf(await pay.transactions_jsapi(order));
      return String(object['package']).replace('prepay_id=', '');
    },
    native: async (order) => String(fieldsOf(await pay.transactions_native(order))['code_url']),
    query: async (by) => fieldsOf(await pay.query(by)),
    close: async (outTradeNo) => statusOf(await pay.close(outTradeNo)),
    refund: async (refund) => fieldsOf(await pay.refunds(refund)),
    findRefund: async (outRefundNo) => fieldsOf(await pay.find_refunds(outRefundNo)),
    read: async ({ headers, body }) => {
      // As its users do: what a framework parsed is handed over, and serialised again inside.
      const envelope = JSON.parse(body) as Envelope;
      const isGenuine = await pay.verifySign({
        timestamp: String(headers['wechatpay-timestamp']),
        nonce: String(headers['wechatpay-nonce']),
        serial: String(headers['wechatpay-serial']),
        signature: String(headers['wechatpay-signature']),
        body: { ...envelope },
      });
      if (!isGenuine) throw new Error('the notification is not signed by the platform');
      const { ciphertext, associated_data, nonce } = envelope.resource;
      return pay.decipher_gcm<Fields>(ciphertext, associated_data, nonce);
    },
  };
}

interface Envelope {
  readonly resource: {
    readonly ciphertext: string;
    readonly associated_data: string;
    readonly nonce: string;
  };
}

function fieldsOf(answer: SdkAnswer): Fields {
  statusOf(answer);
  return answer.data as Fields;
}

function statusOf({ status, error }: SdkAnswer): number {
  if (status === 200 || status === 204) return status;
  throw new Error(`answered ${String(status)}: ${String(error)}`);
}

interface Chain {
  chain(path: string): {
    get(options?: object): Promise<{ status: number; data: unknown }>;
    post(body: object, options?: object): Promise<{ status: number; data: unknown }>;
  };
}

/** Verifies every answer with the keys it holds: the public key, and the certificate once it is downloaded. */
async function axiosPlugin(merchant: DemoMerchant): Promise<MerchantSdk> {
  const { mchid, appid, api_v3_key: apiV3Key, platform_public_key_id: keyId } = merchant;
  const certs: Record<string, string> = { [keyId]: merchant.platform_public_key };
  const sdk = new Wechatpay({
    mchid,
    serial: merchant.serial_no,
    privateKey: merchant.private_key,
    certs,
    baseURL: `${merchant.base_url}/`,
  }) as unknown as Chain;
  const headers = { 'Wechatpay-Serial': keyId };
  const get = async (path: string, params = {}): Promise<Fields> =>
    (await sdk.chain(path).get({ headers, params })).data as Fields;
  const post = (path: string, body: object): Promise<{ status: number; data: unknown }> =>
    sdk.chain(path).post(body, { headers });
  const postFields = async (path: string, body: object): Promise<Fields> =>
    (await post(path, body)).data as Fields;

  const { data } = (await get('v3/certificates')) as { data: CertificateItem[] };
  for (const { serial_no, encrypt_certificate: sealed } of data) {
    const { ciphertext, nonce, associated_data } = sealed;
    certs[serial_no] = Aes.AesGcm.decrypt(ciphertext, apiV3Key, nonce, associated_data);
  }
  const own = { appid, mchid };
  return {
    jsapi: async (order) =>
      String((await postFields('v3/pay/transactions/jsapi', { ...own, ...order }))['prepay_id']),
    native: async (order) =>
      String((await postFields('v3/pay/transactions/native', { ...own, ...order }))['code_url']),
    query: (by) =>
      'out_trade_no' in by
        ? get(`v3/pay/transactions/out-trade-no/${by.out_trade_no}`, { mchid })
        : get(`v3/pay/transactions/id/${by.transaction_id}`, { mchid }),
    close: async (number) =>
      (await post(`v3/pay/transactions/out-trade-no/${number}/close`, { mchid })).status,
    refund: (refund) => postFields('v3/refund/domestic/refunds', refund),
    findRefund: (number) => get(`v3/refund/domestic/refunds/${number}`),
    read: ({ headers: heard, body }) => {
      const header = (name: string): string => String(heard[name]);
      const text = Formatter.response(
        header('wechatpay-timestamp'),
        header('wechatpay-nonce'),
        body,
      );
      const certificate = certs[header('wechatpay-serial')] ?? '';
      if (!Rsa.verify(text, header('wechatpay-signature'), certificate)) {
        throw new Error('the notification is not signed by the platform');
      }
      const { ciphertext, nonce, associated_data } = (JSON.parse(body) as Envelope).resource;
      const plain = Aes.AesGcm.decrypt(ciphertext, apiV3Key, nonce, associated_data);
      return Promise.resolve(JSON.parse(plain) as Fields);
    },
  };
}

interface CertificateItem {
  readonly serial_no: string;
  readonly encrypt_certificate: Envelope['resource'];
}
