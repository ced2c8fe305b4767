import { type KeyObject, sign } from 'node:crypto';
import { randomText } from '@stuiver/ids';
import { SystemRandom } from '@stuiver/ports';
import { type BenchLine, measure } from './measure.js';
import { withFreshStuiver } from './fresh-stuiver.js';
import { type MerchantClient, openMerchant, send, type Signed, signed } from './merchant-client.js';

const ORDERS = 2_000;
const QUERIES = 3_000;
const SIGNATURES = 1_500;
const CALLERS = 32;
const WARM_UP = 200;

/**
 * Signed orders and queries over HTTP against a whole, fresh Stuiver, beside this machine's own RSA-2048 signing rate:
 * each answer costs one signature and one verification, so the ratio says how much the rest costs.
 */
export async function benchApi(print: (line: BenchLine) => void): Promise<void> {
  await withFreshStuiver(async ({ apiUrl, dataDir }) => {
    const client = await openMerchant({ apiUrl, dataDir, sockets: CALLERS });
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
  client: MerchantClient,
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

const RUN = randomText(8, new SystemRandom()).replaceAll(/[^0-9A-Za-z]/g, 'x');

function signedOrder(client: MerchantClient, index: number): Signed {
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

function signedQuery(client: MerchantClient, index: number): Signed {
  const target = `/v3/pay/transactions/out-trade-no/${outTradeNo(index)}?mchid=${client.merchant.mchid}`;
  return signed(client, { method: 'GET', target, body: '' });
}

function outTradeNo(index: number): string {
  return `bench${RUN}${String(index).padStart(8, '0')}`;
}
