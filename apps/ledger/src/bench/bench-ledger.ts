import type { LedgerBooks, LedgerPort } from '@stuiver/contracts';
import { invariant } from '@stuiver/errors';
import { NoCrashPoints, SilentLog, SystemClock } from '@stuiver/ports';
import { type Database, openDatabase, roleUrl } from '@stuiver/postgres';
import { openBooks } from '../open-books.js';
import { book, fillWallets, payment, PLACES, TRANSFERS_PER_PAYMENT } from './bench-commands.js';
import { measureHttp } from './bench-http.js';
import { measureDisk } from './disk-yardstick.js';
import { measureFunction } from './function-yardstick.js';
import { type BenchLine, measure } from './measure.js';

export interface BenchLedgerOptions {
  /** A migrated database that nobody will miss, as administrator. */
  readonly adminUrl: string;
  readonly print: (line: BenchLine) => void;
}

const SCENARIOS = [
  // Accounts are opened and looked up for the first time; after this they are known, as to a ledger that runs.
  { variant: '.cold', concurrency: 64, n: 10_000 },
  { variant: '', concurrency: 64, n: 20_000 },
  { variant: '.512', concurrency: 512, n: 30_000 },
] as const;
const SINGLES = { concurrency: 64, n: 20_000 } as const;
const IDLE_N = 300;
/** Every fifth is refused. */
const REFUSED_EVERY = 5;

/**
 * Wallet payments with a fee, so two transfers each, through the port that the services use, and over HTTP from another
 * process; and beside them, in the same run, one transfer at a time by an SQL function. `hot`: all to one merchant.
 */
export async function benchLedger({ adminUrl, print }: BenchLedgerOptions): Promise<void> {
  const functions = new Map<string, number>();
  const tell = (line: BenchLine): void => {
    const place = line.name.split('.')[2] ?? '';
    if (line.name.startsWith('ledger.function.')) functions.set(place, line.per_second);
    const yardstick = functions.get(place);
    const own = line.transfers_per_second;
    if (own === undefined || yardstick === undefined) print(line);
    else print({ ...line, times_function: Math.round((own / yardstick) * 100) / 100 });
  };
  for await (const line of measureFunction(adminUrl)) tell(line);
  for await (const line of measureInProcess(adminUrl)) tell(line);
  for await (const line of measureHttp(adminUrl)) tell(line);
}

/** The ledger in this process, as the services of `npm start` have it. */
export async function openBench(
  adminUrl: string,
): Promise<{ port: LedgerPort; books: LedgerBooks; database: Database }> {
  const url = roleUrl(adminUrl, 'ledger');
  const database = await openDatabase({ url, applicationName: 'ledger bench', poolMax: 4 });
  const { port, books } = openBooks({
    ...{ database, clock: new SystemClock(), log: new SilentLog(), crash: new NoCrashPoints() },
    onCommitted: () => undefined,
  });
  return { port, books, database };
}

async function* measureInProcess(adminUrl: string): AsyncGenerator<BenchLine> {
  const { port, database } = await openBench(adminUrl);
  try {
    await fillWallets(port);
    for (const { variant, concurrency, n } of SCENARIOS) {
      for (const place of PLACES) {
        const name = `ledger.inprocess.${place}${variant}`;
        const one = (index: number): Promise<void> => book(port, payment({ index, place }));
        yield await measure({ name, n, concurrency, per: TRANSFERS_PER_PAYMENT, one });
      }
    }
    yield await measureDisk();
    yield await measure({
      ...{ name: 'ledger.inprocess.spread.idle', n: IDLE_N, concurrency: 1, per: 1 },
      one: (index) => book(port, payment({ index, place: 'spread', fee: false })),
    });
    for (const place of PLACES) {
      const name = `ledger.inprocess.${place}.single`;
      const one = (index: number): Promise<void> =>
        book(port, payment({ index, place, fee: false }));
      yield await measure({ name, ...SINGLES, per: 1, one });
    }
    // Whoever is refused for the first time is looked up first.
    for (const variant of ['.cold', '']) {
      yield await measure({
        ...{ name: `ledger.inprocess.spread.refused${variant}`, ...SINGLES },
        one: (index) =>
          port.submit(payment({ index, place: 'spread', poor: index % REFUSED_EVERY === 0 })),
      });
    }
    const { differenceMinor } = await port.trialBalance();
    invariant(differenceMinor === '0', 'the books balance after the run');
  } finally {
    await database.close();
  }
}
