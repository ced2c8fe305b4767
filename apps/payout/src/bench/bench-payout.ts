import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NoCrashPoints, SilentLog, SystemClock, SystemRandom } from '@stuiver/ports';
import { openDatabase, roleUrl } from '@stuiver/postgres';
import { assemblePayout } from '../assemble.js';
import type { PayoutOptions } from '../options.js';
import { measureBank } from './measure-bank.js';
import { measureSettlement } from './measure-settlement.js';
import { measureRows, type PayoutBenchLine } from './measured.js';
import { type BenchPayoutOptions, HandedBus } from './payout-bench.js';

const SIZES = [10_000, 100_000] as const;

/**
 * The ways of money that grow with the number of orders, each at 10 000 and at 100 000: lines taken in from the ledger,
 * a settlement closed, its statement exported; a bank statement read, matched and booked. The yardstick is one durable
 * row at a time on the same server. Whether the time grows with the square shows in `times_smaller`.
 */
export async function benchPayout(bench: BenchPayoutOptions): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'stuiver-bench-payout-'));
  const url = roleUrl(bench.adminUrl, 'payout');
  const database = await openDatabase({ url, applicationName: 'payout bench', poolMax: 8 });
  const [clock, random, bus] = [new SystemClock(), new SystemRandom(), new HandedBus()];
  const options: PayoutOptions = {
    ...{
      database,
      bus,
      clock,
      random,
      dataDir,
      ledger: bench.ledger,
      books: bench.books,
      log: new SilentLog(),
    },
    keys: await bench.openKeys(dataDir),
    crash: new NoCrashPoints(),
    operatorToken: 'bench',
    debtor: { name: 'Stuiver', iban: 'NL20INGB0001234567' },
    sandbox: true,
  };
  try {
    bench.print(await measureRows(bench.adminUrl));
    const smaller = new Map<string, number>();
    const print = (line: PayoutBenchLine): void => {
      const before = smaller.get(line.name);
      smaller.set(line.name, line.per_second);
      const times = before === undefined ? undefined : line.per_second / before;
      bench.print(
        times === undefined ? line : { ...line, times_smaller: Math.round(times * 100) / 100 },
      );
    };
    const whole = { ...bench, print, database, options, bus };
    for (const [index, orders] of SIZES.entries()) {
      const parts = assemblePayout(options);
      await measureSettlement(whole, parts, { orders, merchantId: String(1_900_000_001 + index) });
      await measureBank(whole, parts, { expected: orders, day: `2026-11-${String(20 + index)}` });
    }
  } finally {
    await database.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}
