import 'reflect-metadata';
import { createPublicKey, verify, webcrypto } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Pkcs10CertificateRequestGenerator } from '@peculiar/x509';
import {
  type DemoMerchant,
  type DemoPayer,
  type RunningStuiver,
  startStuiver,
} from '@stuiver/testing';
import { operatorClient, type OperatorClient } from './operator-client.js';
import { ask, type SignedRequest, type SignerKeys, type WireAnswer } from './signed-request.js';

export interface Stranger extends SignerKeys {
  readonly appid: string;
}

/** A running Stuiver, its demo merchant, and another merchant who should see nothing of it. */
export interface WireBench {
  readonly stuiver: RunningStuiver;
  readonly merchant: DemoMerchant;
  readonly stranger: Stranger;
  readonly payer: DemoPayer;
  /** Sends it, by the demo merchant unless told otherwise. @throws Error when the answer is not signed by the platform. */
  ask(
    request: SignedRequest & { readonly sent?: string },
    keys?: SignerKeys | null,
  ): Promise<WireAnswer>;
  order(outTradeNo: string, changes?: object): Record<string, unknown>;
  find(outTradeNo: string, mchid?: string): SignedRequest;
}

export async function startWireBench(): Promise<WireBench> {
  const stuiver = await startStuiver();
  const merchant = await stuiver.merchant();
  const [payer] = await stuiver.payers();
  if (payer === undefined) throw new Error('the demo has payers');
  const operator = operatorClient(stuiver, await stuiver.operatorToken());
  const stranger = await registerStranger(operator);
  const certificate = await platformCertificate(stuiver, operator);
  return {
    ...{ stuiver, merchant, stranger, payer },
    ask: async (request, keys = merchant) => {
      const answer = await ask(stuiver.apiUrl, keys, request);
      if (!isSignedBy(certificate, answer)) throw new Error(`not signed: ${answer.text}`);
      return answer;
    },
    order: (outTradeNo, changes = {}) => ({
      appid: merchant.appid,
      mchid: merchant.mchid,
      out_trade_no: outTradeNo,
      description: 'Espresso',
      notify_url: 'https://shop.example/notify',
      amount: { total: 250, currency: 'EUR' },
      ...changes,
    }),
    find: (outTradeNo, mchid = merchant.mchid) => ({
      method: 'GET',
      target: `/v3/pay/transactions/out-trade-no/${outTradeNo}?mchid=${mchid}`,
    }),
  };
}

export function post(
  target: string,
  body: object | string,
): SignedRequest & { readonly body: string } {
  return { method: 'POST', target, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

function isSignedBy(certificatePem: string, { headers, text }: WireAnswer): boolean {
  const header = (name: string): string => headers.get(name) ?? '';
  const signed = `${header('wechatpay-timestamp')}\n${header('wechatpay-nonce')}\n${text}\n`;
  const signature = Buffer.from(header('wechatpay-signature'), 'base64');
  return verify('sha256', Buffer.from(signed), createPublicKey(certificatePem), signature);
}

/** The demo merchant's own signing request sent again: it changes nothing and shows the platform's certificate. */
async function platformCertificate(
  stuiver: RunningStuiver,
  operator: OperatorClient,
): Promise<string> {
  const csr_pem = await readFile(join(stuiver.dataDir, 'demo/merchant/request.pem'), 'utf8');
  const { mchid, serial_no } = await stuiver.merchant();
  const again = await operator.post('/operator/merchants', { name: 'again', mchid, csr_pem });
  if (again['serial_no'] !== serial_no)
    throw new Error('a repeated request made another certificate');
  return String(again['platform_certificate']);
}

async function registerStranger(operator: OperatorClient): Promise<Stranger> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(
    { ...algorithm, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
    true,
    ['sign', 'verify'],
  );
  const request = await Pkcs10CertificateRequestGenerator.create({
    keys,
    signingAlgorithm: algorithm,
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const private_key = `-----BEGIN PRIVATE KEY-----\n${pkcs8.toString('base64')}\n-----END PRIVATE KEY-----\n`;
  const made = await operator.post('/operator/merchants', {
    name: 'Stranger',
    csr_pem: request.toString('pem'),
  });
  const mchid = String(made['mchid']);
  const program = await operator.post('/operator/mini-programs', {
    mchid,
    name: 'Elsewhere',
    description: '',
    origin_kind: 'hosted',
    source: 'https://elsewhere.example/',
  });
  return {
    mchid,
    serial_no: String(made['serial_no']),
    private_key,
    appid: String(program['appid']),
  };
}
