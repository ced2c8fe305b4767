import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { SilentLog } from '@stuiver/ports';
import { openDatabase, startEmbeddedPostgres } from '@stuiver/postgres';
import { withFreshStuiver } from './fresh-stuiver.js';
import { type BenchLine, measure, percentile } from './measure.js';
import { type MerchantClient, openMerchant, send, signed } from './merchant-client.js';

export interface LatencyLine {
  readonly name: string;
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly n: number;
}

const Payers = z.array(z.object({ openid: z.string() })).min(1);
const Prepay = z.object({ prepay_id: z.string() });
const Outcome = z.object({ errMsg: z.string() });
const PAYMENTS = { wallet: 200, ideal: 400 } as const;
const WARM_UP = 40;
const CALLERS = 8;

/**
 * Whole payments — a signed order, the sheet, the wallet or the bank's page — and how long an event takes from the
 * moment it is said to its effect: the batch in which the ledger books what Order's event told.
 */
export async function benchFlow(
  mode: 'embedded' | 'cluster',
  print: (line: BenchLine | LatencyLine) => void,
): Promise<void> {
  await withFreshStuiver(
    async ({ apiUrl, dataDir }) => {
      const client = await openMerchant({ apiUrl, dataDir, sockets: CALLERS });
      const payers = Payers.parse(
        JSON.parse(await readFile(join(dataDir, 'demo', 'payers.json'), 'utf8')),
      );
      const openids = payers.map(({ openid }) => openid);
      await payments({ client, openids, method: 'ideal', name: 'warm-up', n: WARM_UP });
      for (const method of ['wallet', 'ideal'] as const) {
        const name = `flow.payment.${method}.${mode}`;
        print(await payments({ client, openids, method, name, n: PAYMENTS[method] }));
      }
      print({ name: `flow.event.${mode}`, ...(await eventLatency(dataDir)) });
      client.agent.destroy();
    },
    { STUIVER_MODE: mode },
  );
}

function payments(load: {
  client: MerchantClient;
  openids: readonly string[];
  method: 'wallet' | 'ideal';
  name: string;
  n: number;
}): Promise<BenchLine> {
  const { client, openids, method, name, n } = load;
  const one = (index: number): Promise<void> =>
    pay(client, {
      number: `${name.replaceAll(/[^a-z]/g, '')}${String(index)}`,
      openid: openids[index % openids.length] ?? '',
      method,
    });
  return measure({ name, n, concurrency: CALLERS, one });
}

async function pay(
  client: MerchantClient,
  payment: { number: string; openid: string; method: string },
): Promise<void> {
  const { mchid, appid } = client.merchant;
  const { number, openid, method } = payment;
  const body = JSON.stringify({
    ...{ appid, mchid, description: 'Bench', out_trade_no: number },
    notify_url: 'http://127.0.0.1:9/none',
    amount: { total: 100, currency: 'EUR' },
    payer: { openid },
  });
  const order = signed(client, { method: 'POST', target: '/v3/pay/transactions/jsapi', body });
  const { prepay_id } = Prepay.parse(JSON.parse(await send(client, order)));
  const answer = await fetch(new URL('/sandbox/pay', client.base), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ prepay_id, openid, method, outcome: 'success' }),
  });
  const { errMsg } = Outcome.parse(await answer.json());
  if (errMsg !== 'requestPayment:ok') throw new Error(errMsg);
}

/** Payments by the PSP, which the ledger books when it hears of them; both times are one machine's. */
async function eventLatency(dataDir: string): Promise<Omit<LatencyLine, 'name'>> {
  const server = await startEmbeddedPostgres({ dataDir, log: new SilentLog() });
  const database = await openDatabase({
    ...{ url: await server.databaseUrl('stuiver'), applicationName: 'bench', poolMax: 1 },
  });
  try {
    const rows = await database.query<{ ms: string }>(
      `select extract(epoch from b.at - said.occurred_at) * 1000 as ms
         from orders.outbox said
         join ledger.command c on c.kind = 'payment'
          and c.content ->> 'attemptId' = said.event -> 'data' ->> 'attemptId'
         join ledger.batch b on b.no = c.batch
        where said.event ->> 'type' = 'payment.succeeded.v1'
          and said.event -> 'data' -> 'funds' ->> 'kind' = 'psp'
        order by 1`,
    );
    const times = rows.map(({ ms }) => Number(ms));
    return { p50_ms: percentile(times, 0.5), p99_ms: percentile(times, 0.99), n: times.length };
  } finally {
    await database.close();
  }
}
