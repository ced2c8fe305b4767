import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchLedger, benchLedgerLarge, openBench } from '@stuiver/ledger';
import { benchPayout, type PayoutBenchLine } from '@stuiver/payout';
import { openFileKeyStore } from '@stuiver/key-store-file';
import { type KeyStore, SilentLog, SystemClock, SystemRandom } from '@stuiver/ports';
import { startEmbeddedPostgres } from '@stuiver/postgres';
import { benchApi } from '../bench/bench-api.js';
import { benchFlow, type LatencyLine } from '../bench/bench-flow.js';
import { benchMemory, type MemoryLine } from '../bench/bench-memory.js';
import { benchPsp } from '../bench/bench-psp.js';
import type { BenchLine } from '../bench/measure.js';
import { migrateAll } from '../product.js';
import { type Command, CommandFailed } from './command.js';

const print = (line: BenchLine | LatencyLine | MemoryLine | PayoutBenchLine): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

const SUITES: Readonly<Record<string, () => Promise<void>>> = {
  ledger: () => withScratchServer((adminUrl) => benchLedger({ adminUrl, print })),
  'ledger-large': () => withScratchServer((adminUrl) => benchLedgerLarge({ adminUrl, print })),
  api: () => benchApi(print),
  flow: () => benchFlow('embedded', print),
  'flow-cluster': () => benchFlow('cluster', print),
  psp: () => benchPsp(print),
  payout: () => withScratchServer(measurePayouts),
  memory: () => benchMemory(print),
};

/** `stuiver bench <suite>`: one JSON line per scenario, the yardstick measured beside it. Never judges. */
export const benchCommand: Command = {
  words: ['bench'],
  usage: `${Object.keys(SUITES).join('|')}  measures, with a yardstick in the same run`,
  run: async (args) => {
    const names = args.length === 0 ? Object.keys(SUITES) : args;
    for (const name of names) {
      const suite = SUITES[name];
      if (suite === undefined) throw new CommandFailed(`there is no bench "${name}"`);
      await suite();
    }
    return 0;
  },
};

async function measurePayouts(adminUrl: string): Promise<void> {
  const { port: ledger, books, database } = await openBench(adminUrl);
  try {
    const [clock, random] = [new SystemClock(), new SystemRandom()];
    const openKeys = (dir: string): Promise<KeyStore> => openFileKeyStore({ dir, clock, random });
    await benchPayout({ adminUrl, ledger, books, openKeys, print });
  } finally {
    await database.close();
  }
}

async function withScratchServer(work: (adminUrl: string) => Promise<void>): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'stuiver-bench-'));
  const server = await startEmbeddedPostgres({ dataDir, log: new SilentLog() });
  try {
    const adminUrl = await server.databaseUrl('bench');
    await migrateAll(adminUrl);
    await work(adminUrl);
  } finally {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}
