import 'reflect-metadata';
import { createPrivateKey, type KeyObject, randomBytes, sign } from 'node:crypto';
import { Pkcs10CertificateRequestGenerator } from '@peculiar/x509';

const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };

/** What a merchant keeps to themselves, and the request for a certificate over it. */
export interface MerchantKey {
  readonly privateKey: KeyObject;
  readonly csrPem: string;
}

export async function newMerchantKey(): Promise<MerchantKey> {
  const pair = await crypto.subtle.generateKey(
    { ...ALGORITHM, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
    true,
    ['sign', 'verify'],
  );
  const csr = await Pkcs10CertificateRequestGenerator.create({
    name: 'CN=merchant',
    keys: pair,
    signingAlgorithm: ALGORITHM,
  });
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', pair.privateKey));
  return {
    privateKey: createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }),
    csrPem: csr.toString('pem'),
  };
}

export interface RequestToSign {
  readonly mchid: string;
  readonly serialNo: string;
  readonly privateKey: KeyObject;
  readonly method: string;
  readonly target: string;
  readonly body?: string;
  readonly nonce?: string;
  readonly at: Date;
}

/** The Authorization header, written as the contract says and without the code under test. */
export function authorizationOf(request: RequestToSign): string {
  const { mchid, serialNo, privateKey, method, target, body = '' } = request;
  const nonce = request.nonce ?? randomBytes(16).toString('hex');
  const timestamp = String(Math.floor(request.at.getTime() / 1000));
  const text = `${method}\n${target}\n${timestamp}\n${nonce}\n${body}\n`;
  const signature = sign('sha256', Buffer.from(text), privateKey).toString('base64');
  const pairs = { mchid, nonce_str: nonce, timestamp, serial_no: serialNo, signature };
  const written = Object.entries(pairs).map(([name, value]) => `${name}="${value}"`);
  return `WECHATPAY2-SHA256-RSA2048 ${written.join(',')}`;
}
