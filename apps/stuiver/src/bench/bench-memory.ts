import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { withFreshStuiver } from './fresh-stuiver.js';
import { type MerchantClient, openMerchant, send, signed } from './merchant-client.js';

export interface MemoryLine {
  readonly name: 'memory.payments';
  readonly n: number;
  /** Resident set of the Stuiver process, without its PostgreSQL and its children. */
  readonly rss_mb: number;
}

const Payers = z.array(z.object({ openid: z.string() })).min(1);
const Prepay = z.object({ prepay_id: z.string() });
const Outcome = z.object({ errMsg: z.string() });
const PAYMENTS = 5_000;
const EVERY = 500;
const CALLERS = 8;
/** One in so many is paid from the wallet; the others go to the bank, PSP and webhooks included. */
const WALLET_EVERY = 5;
const KIB_PER_MIB = 1_024;

/** Makes 5 000 payments, each by a signed order and the sheet's own code, and says how large the process is meanwhile. */
export async function benchMemory(print: (line: MemoryLine) => void): Promise<void> {
  await withFreshStuiver(async ({ apiUrl, dataDir, pid }) => {
    const client = await openMerchant({ apiUrl, dataDir, sockets: CALLERS });
    const payers = Payers.parse(
      JSON.parse(await readFile(join(dataDir, 'demo', 'payers.json'), 'utf8')),
    );
    let next = 0;
    let done = 0;
    const worker = async (): Promise<void> => {
      for (let index = next++; index < PAYMENTS; index = next++) {
        await pay(client, index, payers[index % payers.length]?.openid ?? '');
        done += 1;
        if (done % EVERY === 0) print(await residentOf(pid, done));
      }
    };
    await Promise.all(Array.from({ length: CALLERS }, worker));
    client.agent.destroy();
  });
}

async function pay(client: MerchantClient, index: number, openid: string): Promise<void> {
  const { mchid, appid } = client.merchant;
  const body = JSON.stringify({
    appid,
    mchid,
    description: 'Bench',
    out_trade_no: `memory${String(index).padStart(8, '0')}`,
    notify_url: 'http://127.0.0.1:9/none',
    amount: { total: 100, currency: 'EUR' },
    payer: { openid },
  });
  const order = signed(client, { method: 'POST', target: '/v3/pay/transactions/jsapi', body });
  const { prepay_id } = Prepay.parse(JSON.parse(await send(client, order)));
  const method = index % WALLET_EVERY === 0 ? 'wallet' : 'ideal';
  const answer = await fetch(new URL('/sandbox/pay', client.base), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ prepay_id, openid, method, outcome: 'success' }),
  });
  const { errMsg } = Outcome.parse(await answer.json());
  // The demo wallets run dry after a while: a refusal for that reason is a payment as far as memory goes.
  if (errMsg !== 'requestPayment:ok' && method === 'ideal') throw new Error(errMsg);
}

async function residentOf(pid: number, n: number): Promise<MemoryLine> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return { name: 'memory.payments', n, rss_mb: Math.round(Number(stdout) / KIB_PER_MIB) };
}
