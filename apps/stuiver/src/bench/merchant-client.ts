import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import { randomText } from '@stuiver/ids';
import { SystemRandom } from '@stuiver/ports';

const Merchant = z.object({ mchid: z.string(), appid: z.string(), serial_no: z.string() });
/** A merchant's server: its key, and sockets that stay open. */
export interface MerchantClient {
  readonly merchant: z.infer<typeof Merchant>;
  readonly key: KeyObject;
  readonly base: URL;
  readonly agent: Agent;
}

/** A request whose signature was made before the clock ran. */
export interface Signed {
  readonly method: 'GET' | 'POST';
  readonly target: string;
  readonly body: string;
  readonly authorization: string;
}

const random = new SystemRandom();

export async function openMerchant(at: {
  apiUrl: string;
  dataDir: string;
  sockets: number;
}): Promise<MerchantClient> {
  const folder = join(at.dataDir, 'demo', 'merchant');
  return {
    merchant: Merchant.parse(JSON.parse(await readFile(join(folder, 'merchant.json'), 'utf8'))),
    key: createPrivateKey(await readFile(join(folder, 'apiclient_key.pem'))),
    base: new URL(at.apiUrl),
    agent: new Agent({ keepAlive: true, maxSockets: at.sockets }),
  };
}

export function signed(
  client: MerchantClient,
  ask: Pick<Signed, 'method' | 'target' | 'body'>,
): Signed {
  const { mchid, serial_no: serial } = client.merchant;
  const timestamp = String(Math.floor((performance.timeOrigin + performance.now()) / 1_000));
  const nonce = randomText(24, random);
  const text = `${ask.method}\n${ask.target}\n${timestamp}\n${nonce}\n${ask.body}\n`;
  const signature = sign('sha256', Buffer.from(text), client.key).toString('base64');
  const authorization =
    `WECHATPAY2-SHA256-RSA2048 mchid="${mchid}",nonce_str="${nonce}",timestamp="${timestamp}",` +
    `serial_no="${serial}",signature="${signature}"`;
  return { ...ask, authorization };
}

/** @returns the answer's body. @throws Error with status and body when it is not 200. */
export function send(client: MerchantClient, ask: Signed): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request(
      {
        agent: client.agent,
        hostname: client.base.hostname,
        port: client.base.port,
        method: ask.method,
        path: ask.target,
        headers: {
          authorization: ask.authorization,
          accept: 'application/json',
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(ask.body),
        },
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.once('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (answer.statusCode === 200) resolve(text);
          else reject(new Error(`${String(answer.statusCode)} ${text}`));
        });
      },
    );
    call.once('error', reject);
    call.end(ask.body);
  });
}
