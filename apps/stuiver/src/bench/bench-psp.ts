import { createHmac, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import { SilentLog, SystemClock } from '@stuiver/ports';
import { type Database, openDatabase, startEmbeddedPostgres } from '@stuiver/postgres';
import { withFreshStuiver } from './fresh-stuiver.js';
import { type BenchLine, measure } from './measure.js';

const Secrets = z.object({ webhookSecret: z.string() });
const MESSAGES = 10_000;
const WARM_UP = 500;
const SOCKETS = 64;
/** About what Stripe sends of a payment. */
const BODY_BYTES = 3_000;
const LOOK_MS = 200;
const QUESTIONS = 1_000;
const PAYERS_AT_ONCE = 8;
/** Until what was asked once is asked again: the ladder's second rung. */
const SECOND_RUNG = '1 minute';
const Payers = z.array(z.object({ token: z.string() })).min(1);

/**
 * The PSP's webhooks: how many a second are verified, kept sealed and answered, beside one durable row each; and how
 * fast they are worked on. They are about things that concern nobody, so the PSP is not asked. Then the resolver: how
 * many a second the PSP is asked about that payers left at their bank.
 */
export async function benchPsp(print: (line: BenchLine) => void): Promise<void> {
  await withFreshStuiver(async ({ apiUrl, dataDir }) => {
    const text = await readFile(join(dataDir, 'secrets.json'), 'utf8');
    const { webhookSecret } = Secrets.parse(JSON.parse(text));
    const server = await startEmbeddedPostgres({ dataDir, log: new SilentLog() });
    const url = await server.databaseUrl('stuiver');
    const database = await openDatabase({ url, applicationName: 'bench', poolMax: SOCKETS });
    const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS });
    const tell = (): Promise<void> =>
      post(new URL('/webhooks/psp/order', apiUrl), agent, webhookSecret);
    try {
      print(await measureRows(database));
      await measure({ name: 'warm-up', n: WARM_UP, concurrency: SOCKETS, one: tell });
      const since = new SystemClock().now();
      print(await measure({ name: 'psp.webhook', n: MESSAGES, concurrency: SOCKETS, one: tell }));
      print(await worked(database, since));
      print(await resolved({ apiUrl, dataDir, database }));
    } finally {
      agent.destroy();
      await database.close();
    }
  });
}

/** The yardstick: what a server must write at the least to keep a message. */
async function measureRows(database: Database): Promise<BenchLine> {
  await database.query('create table public.bench_row (id uuid primary key, body bytea not null)');
  const body = Buffer.alloc(BODY_BYTES, 'x');
  const sql = 'insert into public.bench_row values ($1, $2)';
  const one = async (): Promise<void> => {
    await database.query(sql, [randomUUID(), body]);
  };
  await measure({ name: 'warm-up', n: WARM_UP, concurrency: SOCKETS, one });
  return measure({ name: 'psp.row', n: MESSAGES, concurrency: SOCKETS, one });
}

/** From the first that came to the last that was done. */
async function worked(database: Database, since: Date): Promise<BenchLine> {
  for (;;) {
    const [row] = await database.query<{
      left: number;
      n: number;
      ms: string;
      p50: string;
      p99: string;
    }>(
      `select count(*) filter (where done_at is null)::int as left, count(*)::int as n,
              extract(epoch from max(done_at) - min(received_at)) * 1000 as ms,
              percentile_disc(0.5) within group (order by extract(epoch from done_at - received_at) * 1000) as p50,
              percentile_disc(0.99) within group (order by extract(epoch from done_at - received_at) * 1000) as p99
         from orders.psp_inbox where received_at >= $1`,
      [since],
    );
    if (row?.left === 0) {
      const { n, ms, p50, p99 } = row;
      return {
        ...{ name: 'psp.webhook.worked', per_second: Math.round(n / (Number(ms) / 1_000)) },
        ...{ p50_ms: Math.round(Number(p50)), p99_ms: Math.round(Number(p99)), n, concurrency: 4 },
      };
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** As many top-ups, all due at the same moment; from then to the answer of the last. */
async function resolved(of: {
  apiUrl: string;
  dataDir: string;
  database: Database;
}): Promise<BenchLine> {
  const { apiUrl, dataDir, database } = of;
  const file = await readFile(join(dataDir, 'demo', 'payers.json'), 'utf8');
  const payers = Payers.parse(JSON.parse(file));
  const leave = async (index: number): Promise<void> => {
    await leaveAtBank(apiUrl, payers[index % payers.length]?.token ?? '');
  };
  await measure({ name: 'left', n: QUESTIONS, concurrency: PAYERS_AT_ONCE, one: leave });
  const due = await database.query<{ since: string }>(
    `with due as (update orders.top_up set ask_at = now(), asked_count = 0 where state = 'redirected' returning 1)
     select now()::text as since from due`,
  );
  for (;;) {
    const [row] = await database.query<{ left: number; p50: string; p99: string; ms: string }>(
      `select count(*) filter (where asked_count = 0)::int as left, max(t.ms) as ms,
              percentile_disc(0.5) within group (order by t.ms) as p50,
              percentile_disc(0.99) within group (order by t.ms) as p99
         from (select asked_count, extract(epoch from ask_at - interval '${SECOND_RUNG}' - $1::timestamptz) * 1000 as ms
                 from orders.top_up where state = 'redirected' and asked_count <= 1) t`,
      [due[0]?.since],
    );
    if (row?.left === 0) {
      const [ms, p50, p99] = [row.ms, row.p50, row.p99].map(Number);
      return {
        ...{ name: 'psp.resolver', per_second: Math.round(due.length / ((ms ?? 0) / 1_000)) },
        ...{ p50_ms: Math.round(p50 ?? 0), p99_ms: Math.round(p99 ?? 0) },
        ...{ n: due.length, concurrency: 4 },
      };
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

async function leaveAtBank(apiUrl: string, token: string): Promise<void> {
  const answer = await fetch(new URL('/wallet/top-ups', apiUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ amount_minor: '1000', method: 'ideal' }),
  });
  if (!answer.ok) throw new Error(`a top-up was answered ${String(answer.status)}`);
  await answer.arrayBuffer();
}

function post(url: URL, agent: Agent, secret: string): Promise<void> {
  const seconds = Math.floor(new SystemClock().now().getTime() / 1_000);
  const body = JSON.stringify({
    ...{ id: `evt_${randomUUID()}`, object: 'event', type: 'charge.updated', created: seconds },
    data: { object: { id: 'ch_bench', object: 'charge', description: 'x'.repeat(BODY_BYTES) } },
  });
  const v1 = createHmac('sha256', secret)
    .update(`${String(seconds)}.${body}`)
    .digest('hex');
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'stripe-signature': `t=${String(seconds)},v1=${v1}`,
  };
  return new Promise((resolve, reject) => {
    const asked = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.once('error', reject);
      response.once('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`a webhook was answered ${String(response.statusCode)}`));
      });
    });
    asked.once('error', reject);
    asked.end(body);
  });
}
