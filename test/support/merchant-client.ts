import { Wechatpay } from 'wechatpay-axios-plugin';
import type { DemoMerchant } from '@stuiver/testing';

/** What the unmodified SDK offers, as far as the stories use it: a chain of path segments ending in a verb. */
interface Chain {
  readonly chain: (path: string) => {
    get(options?: object): Promise<{ status: number; data: unknown }>;
    post(body: object, options?: object): Promise<{ status: number; data: unknown }>;
  };
}

export interface MerchantClient {
  get(path: string, params?: Readonly<Record<string, string>>): Promise<Record<string, unknown>>;
  post(path: string, body: object): Promise<Record<string, unknown>>;
}

/** The demo merchant's server side: wechatpay-axios-plugin as published, with our base URL. It verifies every answer. */
export function merchantClient(merchant: DemoMerchant): MerchantClient {
  const sdk = new Wechatpay({
    mchid: merchant.mchid,
    serial: merchant.serial_no,
    privateKey: merchant.private_key,
    certs: { [merchant.platform_public_key_id]: merchant.platform_public_key },
    baseURL: `${merchant.base_url}/`,
  }) as unknown as Chain;
  const headers = { 'Wechatpay-Serial': merchant.platform_public_key_id };
  const chain = (path: string): ReturnType<Chain['chain']> => sdk.chain(path.replace(/^\//, ''));
  return {
    get: async (path, params = {}) =>
      (await chain(path).get({ params, headers })).data as Record<string, unknown>,
    post: async (path, body) =>
      (await chain(path).post(body, { headers })).data as Record<string, unknown>,
  };
}
