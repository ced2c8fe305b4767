import { createPrivateKey, randomBytes, sign } from 'node:crypto';
import { connect } from 'node:net';

/** A merchant's identity as its own server holds it. */
export interface SignerKeys {
  readonly mchid: string;
  readonly serial_no: string;
  readonly private_key: string;
}

export interface SignedRequest {
  readonly method: 'GET' | 'POST';
  readonly target: string;
  readonly body?: string;
  readonly nonce?: string;
  /** Unix seconds; now when absent. */
  readonly timestamp?: number;
}

/** The Authorization header by the contract's own words (section 1.1), without any code of the product. */
export function authorizationOf(keys: SignerKeys, request: SignedRequest): string {
  const { method, target, body = '' } = request;
  const nonce = request.nonce ?? randomBytes(16).toString('hex');
  const timestamp = String(request.timestamp ?? nowSeconds());
  const text = `${method}\n${target}\n${timestamp}\n${nonce}\n${body}\n`;
  const signature = sign('sha256', Buffer.from(text), createPrivateKey(keys.private_key));
  const pairs = {
    mchid: keys.mchid,
    nonce_str: nonce,
    timestamp,
    serial_no: keys.serial_no,
    signature: signature.toString('base64'),
  };
  const written = Object.entries(pairs).map(([name, value]) => `${name}="${value}"`);
  return `WECHATPAY2-SHA256-RSA2048 ${written.join(',')}`;
}

export function nowSeconds(): number {
  return Math.floor((performance.timeOrigin + performance.now()) / 1000);
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

/** @param sent  what really goes out, when it is not what was signed. */
export async function ask(
  baseUrl: string,
  keys: SignerKeys | null,
  request: SignedRequest & { readonly sent?: string },
): Promise<WireAnswer> {
  const { method, target, body, sent = body } = request;
  const headers = new Headers({ accept: 'application/json' });
  if (keys !== null) headers.set('authorization', authorizationOf(keys, request));
  const answer = await fetch(baseUrl + target, {
    method,
    headers,
    redirect: 'manual',
    ...(sent === undefined ? {} : { body: sent }),
  });
  const text = await answer.text();
  const json = JSON.parse(text === '' ? '{}' : text) as Record<string, unknown>;
  return { status: answer.status, headers: answer.headers, text, json };
}

/** Sends bytes as they are and gives back the whole answer as it stood on the socket. */
export function rawExchange(baseUrl: string, bytes: string): Promise<string> {
  const { port, hostname } = new URL(baseUrl);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('error', reject);
    socket.on('close', () => {
      resolve(text);
    });
    socket.write(bytes);
  });
}
