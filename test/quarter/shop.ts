import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { Pkcs10CertificateRequestGenerator } from '@peculiar/x509';
import type { DemoMerchant, RunningStuiver } from '@stuiver/testing';
import { type MerchantClient, merchantClient } from '../support/merchant-client.js';
import type { OperatorClient } from '../support/operator-client.js';
import type { PlannedSale } from './plan.js';

const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
const RSA = { ...ALGORITHM, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };

/** A merchant with a server of its own, that speaks with the published SDK. */
export class Shop {
  private readonly client: MerchantClient;

  private constructor(
    private readonly stuiver: RunningStuiver,
    private readonly merchant: Pick<DemoMerchant, 'mchid' | 'appid'>,
    keys: DemoMerchant,
  ) {
    this.client = merchantClient(keys);
  }

  get mchid(): string {
    return this.merchant.mchid;
  }

  /** The one of the demo. */
  static async ofDemo(stuiver: RunningStuiver): Promise<Shop> {
    const merchant = await stuiver.merchant();
    return new Shop(stuiver, merchant, merchant);
  }

  /** Another one, from its signing request to the account on which it is paid. */
  static async open(
    stuiver: RunningStuiver,
    operator: OperatorClient,
    { name, iban }: { name: string; iban: string },
  ): Promise<Shop> {
    const { request, privateKey } = await signingRequest();
    const made = await operator.post('/operator/merchants', { name, csr_pem: request });
    const text = (field: string): string => String(made[field]);
    const mchid = text('mchid');
    const payee = { name, iban, maker: 'Femke', checker: 'Jonas' };
    await operator.put(`/operator/payees/${mchid}`, payee);
    const program = await operator.post('/operator/mini-programs', {
      ...{ mchid, name, description: '', origin_kind: 'hosted' },
      source: 'https://shop.example/',
    });
    const keys: DemoMerchant = {
      ...(await stuiver.merchant()),
      ...{ mchid, appid: String(program['appid']), private_key: privateKey },
      serial_no: text('serial_no'),
    };
    return new Shop(stuiver, keys, keys);
  }

  /** Ordered, and paid by somebody at once. */
  async sell({ number, amountMinor, method }: PlannedSale): Promise<void> {
    const { code_url: code } = await this.client.post('v3/pay/transactions/native', {
      ...{ appid: this.merchant.appid, mchid: this.mchid, description: number },
      ...{ out_trade_no: number, notify_url: `${this.stuiver.cafeUrl}/notify` },
      amount: { total: amountMinor, currency: 'EUR' },
    });
    const answer = await fetch(`${this.stuiver.apiUrl}/sandbox/pay`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code_url: code, method, outcome: 'success' }),
    });
    const { trade_state: state } = (await answer.json()) as { trade_state?: string };
    if (state !== 'SUCCESS') throw new Error(`${number} is ${String(state)}, not paid`);
  }

  async refund({ number, amountMinor, refundMinor }: PlannedSale): Promise<void> {
    await this.client.post('v3/refund/domestic/refunds', {
      ...{ out_trade_no: number, out_refund_no: `${number}-r` },
      amount: { refund: refundMinor, total: amountMinor, currency: 'EUR' },
    });
  }
}

async function signingRequest(): Promise<{ request: string; privateKey: string }> {
  const keys = await webcrypto.subtle.generateKey(RSA, true, ['sign', 'verify']);
  const request = await Pkcs10CertificateRequestGenerator.create({
    ...{ keys, signingAlgorithm: ALGORITHM },
  });
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const privateKey = `-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----\n`;
  return { request: request.toString('pem'), privateKey };
}
