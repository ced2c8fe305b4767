import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import { randomText } from '@stuiver/ids';
import { SystemRandom } from '@stuiver/ports';
import { type BenchLine, measure } from './measure.js';
import { withFreshStuiver } from './fresh-stuiver.js';

const Merchant = z.object({ mchid: z.string(), appid: z.string(), serial_no: z.string() });
const ORDERS = 2_000;
const QUERIES = 3_000;
const SIGNATURES = 1_500;
const CALLERS = 32;
const WARM_UP = 200;

interface Client {
  readonly merchant: z.infer<typeof Merchant>;
  readonly key: KeyObject;
  readonly base: URL;
  readonly agent: Agent;
}

interface Signed {
  readonly method: 'GET' | 'POST';
  readonly target: string;
  readonly body: string;
  readonly authorization: string;
}

const random = new SystemRandom();

/**
 * Signed orders and queries over HTTP against a whole, fresh Stuiver, beside this machine's own RSA-2048 signing rate:
 * each answer costs one signature and one verification, so the ratio says how much the rest costs.
 */
export async function benchApi(print: (line: BenchLine) => void): Promise<void> {
  await withFreshStuiver(async ({ apiUrl, dataDir }) => {
    const folder = join(dataDir, 'demo', 'merchant');
    const client: Client = {
      merchant: Merchant.parse(JSON.parse(await readFile(join(folder, 'merchant.json'), 'utf8'))),
      key: createPrivateKey(await readFile(join(folder, 'apiclient_key.pem'))),
      base: new URL(apiUrl),
      agent: new Agent({ keepAlive: true, maxSockets: CALLERS }),
    };
    print(await signingRate(client.key));
    const orders = Array.from({ length: ORDERS + WARM_UP }, (_, index) =>
      signedOrder(client, index),
    );
    await run(client, { name: 'warm-up', requests: orders.slice(ORDERS) });
    print(await run(client, { name: 'api.order.native', requests: orders.slice(0, ORDERS) }));
    const queries = Array.from({ length: QUERIES }, (_, index) =>
      signedQuery(client, index % ORDERS),
    );
    print(await run(client, { name: 'api.query', requests: queries }));
    print(await signingRate(client.key));
    client.agent.destroy();
  });
}

/** The yardstick: signatures a second on one core of this machine, in this run. */
function signingRate(key: KeyObject): Promise<BenchLine> {
  const text = Buffer.alloc(512, 'x');
  return measure({
    name: 'api.rsa.sign',
    n: SIGNATURES,
    concurrency: 1,
    one: () => {
      sign('sha256', text, key);
      return Promise.resolve();
    },
  });
}

function run(
  client: Client,
  load: { name: string; requests: readonly Signed[] },
): Promise<BenchLine> {
  return measure({
    name: load.name,
    n: load.requests.length,
    concurrency: CALLERS,
    one: async (index) => {
      const signed = load.requests[index];
      if (signed !== undefined) await send(client, signed);
    },
  });
}

const RUN = randomText(8, random).replaceAll(/[^0-9A-Za-z]/g, 'x');

function signedOrder(client: Client, index: number): Signed {
  const { mchid, appid } = client.merchant;
  const body = JSON.stringify({
    appid,
    mchid,
    description: 'Bench',
    out_trade_no: outTradeNo(index),
    notify_url: 'http://127.0.0.1:9/none',
    amount: { total: 100 + index, currency: 'EUR' },
  });
  return signed(client, { method: 'POST', target: '/v3/pay/transactions/native', body });
}

function signedQuery(client: Client, index: number): Signed {
  const target = `/v3/pay/transactions/out-trade-no/${outTradeNo(index)}?mchid=${client.merchant.mchid}`;
  return signed(client, { method: 'GET', target, body: '' });
}

function outTradeNo(index: number): string {
  return `bench${RUN}${String(index).padStart(8, '0')}`;
}

function signed(client: Client, ask: Pick<Signed, 'method' | 'target' | 'body'>): Signed {
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

function send(client: Client, ask: Signed): Promise<void> {
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
          if (answer.statusCode === 200) resolve();
          else
            reject(new Error(`${String(answer.statusCode)} ${Buffer.concat(chunks).toString()}`));
        });
      },
    );
    call.once('error', reject);
    call.end(ask.body);
  });
}
