import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { BULK_COMMANDS_MAX } from '@stuiver/contracts';
import { invariant } from '@stuiver/errors';
import { HttpLedger } from '@stuiver/ledger-client';
import { SilentLog } from '@stuiver/ports';
import { roleUrl } from '@stuiver/postgres';
import { book, payment, type Place, PLACES, TRANSFERS_PER_PAYMENT } from './bench-commands.js';
import { type BenchLine, measure } from './measure.js';

const CONNECTIONS = 64;
const SINGLES_N = 10_000;
/** Requests of 512. */
const BULKS_N = 60;
const BULK_CONCURRENCY = 4;
const START_MS_MAX = 30_000;
const CLIENT_MS_MAX = 30_000;
/** As the cluster and the compose file start it. */
const NODE_FLAGS = ['--max-semi-space-size=8', '--max-old-space-size=256'];
const LEDGER = fileURLToPath(new URL('../testing/ledger-child.js', import.meta.url));

/** A ledger in a process of its own, reached over HTTP by a client in this one. */
export interface LedgerProcess {
  readonly client: HttpLedger;
  /** Resident set, MB. Null where the system does not say. */
  residentMb(): Promise<number | null>;
  stop(): Promise<void>;
}

/** `told`: the same process tells every transfer's owner of it, as an event over PostgreSQL. */
export async function* measureHttp(adminUrl: string): AsyncGenerator<BenchLine> {
  const quiet = await startLedgerProcess(adminUrl, false);
  try {
    // Just started, it looks every account up.
    yield await measureSingles(quiet, 'spread', '.cold');
    for (const place of PLACES) {
      yield await measureSingles(quiet, place, '');
      yield await measureBulk(quiet, place, '');
    }
  } finally {
    await quiet.stop();
  }
  const telling = await startLedgerProcess(adminUrl, true);
  try {
    await measureSingles(telling, 'spread', '.cold');
    yield await measureSingles(telling, 'spread', '.told');
    yield await measureBulk(telling, 'spread', '.told');
  } finally {
    await telling.stop();
  }
}

function measureSingles(ledger: LedgerProcess, place: Place, variant: string): Promise<BenchLine> {
  return measure({
    ...{ name: `ledger.http.${place}${variant}`, n: SINGLES_N, concurrency: CONNECTIONS },
    per: TRANSFERS_PER_PAYMENT,
    one: (index) => book(ledger.client, payment({ index, place })),
  });
}

function measureBulk(ledger: LedgerProcess, place: Place, variant: string): Promise<BenchLine> {
  return measure({
    ...{ name: `ledger.bulk.${place}${variant}`, n: BULKS_N, concurrency: BULK_CONCURRENCY },
    per: BULK_COMMANDS_MAX * TRANSFERS_PER_PAYMENT,
    one: () => bookBulk(ledger.client, place),
  });
}

/** 512 payments in one request. */
export async function bookBulk(client: HttpLedger, place: Place): Promise<void> {
  const commands = Array.from({ length: BULK_COMMANDS_MAX }, (_, index) =>
    payment({ index, place }),
  );
  const answers = await client.submitAll(commands);
  invariant(
    answers.every(({ outcome }) => outcome === 'posted'),
    'what is measured is booked',
  );
}

export async function startLedgerProcess(adminUrl: string, tells: boolean): Promise<LedgerProcess> {
  const credentials = { order: secret(), payout: secret() };
  const port = await freePort();
  const urls = { url: roleUrl(adminUrl, 'ledger'), busUrl: roleUrl(adminUrl, 'bus') };
  const plan = JSON.stringify({ port, ...urls, credentials, tells });
  const child = spawn(process.execPath, [...NODE_FLAGS, LEDGER, plan], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const origin = `http://127.0.0.1:${String(port)}`;
  await untilUp(origin, child);
  const client = new HttpLedger({
    ...{ urls: [origin], credential: `order:${credentials.order}` },
    ...{ log: new SilentLog(), timeoutMs: CLIENT_MS_MAX },
  });
  return {
    client,
    residentMb: () => residentMb(child),
    stop: async () => {
      client.close();
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

async function untilUp(origin: string, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + START_MS_MAX;
  while (performance.now() < deadline && child.exitCode === null) {
    const isUp = await fetch(origin).then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  child.kill('SIGKILL');
  throw new Error('the ledger to be measured does not start');
}

async function residentMb({ pid = 0 }: ChildProcess): Promise<number | null> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1];
  return kilobytes === undefined ? null : Math.round(Number(kilobytes) / 1_024);
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function secret(): string {
  return randomBytes(20).toString('hex');
}
