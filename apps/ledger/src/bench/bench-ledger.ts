import {
  type LedgerCommand,
  type LedgerPort,
  paymentCommand,
  topUpCommand,
} from '@stuiver/contracts';
import { invariant } from '@stuiver/errors';
import { newUuid } from '@stuiver/ids';
import { NoCrashPoints, SilentLog, SystemClock, SystemRandom } from '@stuiver/ports';
import { openDatabase, roleUrl } from '@stuiver/postgres';
import { openBooks } from '../open-books.js';
import { measureFunction } from './function-yardstick.js';
import { type BenchLine, measure } from './measure.js';

export interface BenchLedgerOptions {
  /** A migrated database that nobody will miss, as administrator. */
  readonly adminUrl: string;
  readonly print: (line: BenchLine) => void;
}

const PAYERS = 10_000;
const MERCHANTS = 2_000;
const FILL_CALLERS = 512;
const FILL_MINOR = '100000000';
const SCENARIOS = [
  { variant: '', concurrency: 64, n: 30_000 },
  { variant: '.512', concurrency: 512, n: 60_000 },
] as const;
const random = new SystemRandom();

/**
 * Wallet payments with a fee, so two transfers each, through the port that the services use; and beside them, in the
 * same run, one transfer at a time by an SQL function. `hot`: all to one merchant.
 */
export async function benchLedger({ adminUrl, print }: BenchLedgerOptions): Promise<void> {
  for await (const line of measureFunction(adminUrl)) print(line);
  for await (const line of measureLedger(adminUrl)) print(line);
}

async function* measureLedger(adminUrl: string): AsyncGenerator<BenchLine> {
  const database = await openDatabase({
    url: roleUrl(adminUrl, 'ledger'),
    applicationName: 'ledger bench',
    poolMax: 4,
  });
  const clock = new SystemClock();
  const { port } = openBooks({
    database,
    clock,
    log: new SilentLog(),
    crash: new NoCrashPoints(),
    onCommitted: () => undefined,
  });
  const now = (): string => clock.now().toISOString();
  try {
    await fillWallets(port, now());
    for (const { variant, concurrency, n } of SCENARIOS) {
      for (const [place, merchants] of [
        ['spread', MERCHANTS],
        ['hot', 1],
      ] as const) {
        yield await measure({
          name: `ledger.inprocess.${place}${variant}`,
          n,
          concurrency,
          one: (index) => book(port, payment({ index, merchants, at: now() })),
        });
      }
    }
    const { differenceMinor } = await port.trialBalance();
    invariant(differenceMinor === '0', 'the books balance after the run');
  } finally {
    await database.close();
  }
}

async function fillWallets(port: LedgerPort, at: string): Promise<void> {
  await measure({
    name: 'fill',
    n: PAYERS,
    concurrency: FILL_CALLERS,
    one: (index) =>
      book(
        port,
        topUpCommand({
          topUpId: newUuid(random),
          userId: payer(index),
          psp: 'stripe',
          method: 'ideal',
          amountMinor: FILL_MINOR,
          currency: 'EUR',
          pspReference: 'bench',
          succeededAt: at,
        }),
      ),
  });
}

function payment({
  index,
  merchants,
  at,
}: {
  index: number;
  merchants: number;
  at: string;
}): LedgerCommand {
  return paymentCommand({
    orderId: `ord_bench${String(index)}`,
    attemptId: newUuid(random),
    merchantId: String(1_900_000_000 + ((index * 7) % merchants)),
    funds: { kind: 'wallet', userId: payer(index) },
    method: 'wallet',
    amountMinor: '350',
    feeMinor: '10',
    currency: 'EUR',
    pspReference: null,
    succeededAt: at,
  });
}

function payer(index: number): string {
  return `usr_bench${String((index * 13) % PAYERS)}`;
}

async function book(port: LedgerPort, command: LedgerCommand): Promise<void> {
  const { outcome } = await port.submit(command);
  invariant(outcome === 'posted', 'what is measured is booked');
}
