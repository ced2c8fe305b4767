import { openDatabase } from '@stuiver/postgres';
import { book, fillWallets, hold, payment, TRANSFERS_PER_PAYMENT } from './bench-commands.js';
import { type BenchLedgerOptions, openBench } from './bench-ledger.js';
import { bookBulk, startLedgerProcess } from './bench-http.js';
import { type BenchLine, measure } from './measure.js';

const PLAIN = { concurrency: 64, n: 15_000, per: TRANSFERS_PER_PAYMENT } as const;
const HOLDS = 100_000;
const ROWS = 2_000_000;
const MEMORY_TRANSFERS = 500_000;
const MEMORY_LOOKS = 10;
const FILL_CALLERS = 512;

/** How the ledger fares with much in it: each figure beside the plain one of the same run, and the process's memory. */
export async function benchLedgerLarge({ adminUrl, print }: BenchLedgerOptions): Promise<void> {
  const { port, database } = await openBench(adminUrl);
  const plain = (variant: string): Promise<BenchLine> =>
    measure({
      ...{ name: `ledger.inprocess.spread${variant}`, ...PLAIN },
      one: (index) => book(port, payment({ index, place: 'spread' })),
    });
  try {
    await fillWallets(port);
    await plain('');
    print(await plain(''));
    await measure({
      ...{ name: 'fill', n: HOLDS, concurrency: FILL_CALLERS },
      one: (index) => book(port, hold(index)),
    });
    print(await plain('.holds'));
    print(await plain('.again'));
  } finally {
    await database.close();
  }
  await fillRows(adminUrl);
  const filled = await openBench(adminUrl);
  try {
    const one = (index: number): Promise<void> =>
      book(filled.port, payment({ index, place: 'spread' }));
    await measure({ name: 'warm', ...PLAIN, one });
    print(await measure({ name: 'ledger.inprocess.spread.rows', ...PLAIN, one }));
  } finally {
    await filled.database.close();
  }
  for await (const line of measureMemory(adminUrl)) print(line);
}

/**
 * Transfers as they would lie there after years, beside those of the run: their own accounts, in the same tables and
 * indexes. Past the guards, as no reader of theirs comes.
 */
async function fillRows(adminUrl: string): Promise<void> {
  const admin = await openDatabase({ url: adminUrl, applicationName: 'ledger bench', poolMax: 1 });
  try {
    await admin.query(`
      begin;
      set local session_replication_role = replica;
      insert into ledger.transfer (seq, command_id, purpose, debit, credit, amount_minor, currency, debit_version,
                                   debit_after, credit_version, credit_after, effective_at, batch)
      select -g, gen_random_uuid(), 'gross', -1 - g % 5000, -10001 - g % 5000, 1, 'EUR', g, 0, g, 0, now(), 0
        from generate_series(1, ${String(ROWS)}) as g;
      commit`);
    await admin.query('vacuum analyze ledger.transfer');
  } finally {
    await admin.close();
  }
}

/** One line per look: `per_second` is payments, `resident_mb` the ledger's process. */
async function* measureMemory(adminUrl: string): AsyncGenerator<BenchLine> {
  const ledger = await startLedgerProcess(adminUrl, false);
  const n = Math.ceil(MEMORY_TRANSFERS / MEMORY_LOOKS / TRANSFERS_PER_PAYMENT / 512);
  try {
    for (let look = 1; look <= MEMORY_LOOKS; look += 1) {
      const line = await measure({
        ...{ name: `ledger.bulk.spread.memory${String(look)}`, n, concurrency: 2 },
        per: 512 * TRANSFERS_PER_PAYMENT,
        one: () => bookBulk(ledger.client, 'spread'),
      });
      const resident = await ledger.residentMb();
      yield { ...line, ...(resident === null ? {} : { resident_mb: resident }) };
    }
  } finally {
    await ledger.stop();
  }
}
