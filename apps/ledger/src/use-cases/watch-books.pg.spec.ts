import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { LedgerCommand, LedgerCommandOf, StuiverEvent } from '@stuiver/contracts';
import { NoCrashPoints, type Reading, SilentLog } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import { FixedClock, testDatabase, type TestDatabase } from '@stuiver/testing';
import { tellWatchOver } from '../adapters/events/tell-watch.js';
import { watchGauges } from '../adapters/metrics/watch-gauges.js';
import { PostgresWatch } from '../adapters/postgres/postgres-watch.js';
import { type Books, openBooks } from '../open-books.js';
import { WatchBooks } from './watch-books.js';

const DAY_MS = 86_400_000;
const START = '2026-11-02T12:00:00.000Z';
const M = { merchantId: '1900000001', currency: 'EUR' } as const;

describe('the watches over the books', () => {
  let db: TestDatabase;
  let database: Database;
  let books: Books;
  let watch: WatchBooks;
  const clock = new FixedClock(START);
  const told: StuiverEvent[] = [];
  let isBusDown = false;

  beforeAll(async () => {
    db = await testDatabase();
    database = await db.open('ledger');
    const log = new SilentLog();
    books = openBooks({
      ...{ database, clock, log, crash: new NoCrashPoints(), onCommitted: () => undefined },
    });
    watch = open();
  });
  afterAll(() => db.close());

  function open(): WatchBooks {
    const port = new PostgresWatch(database);
    const publish = (_topic: unknown, events: readonly StuiverEvent[]): Promise<void> => {
      if (isBusDown) return Promise.reject(new Error('the bus is down'));
      told.push(...events);
      return Promise.resolve();
    };
    const log = new SilentLog();
    const tell = tellWatchOver({ publish }, log);
    return new WatchBooks({ reads: port, memory: port, tell, clock, log });
  }

  const submit = async (...commands: readonly LedgerCommand[]): Promise<void> => {
    for (const command of commands) {
      expect(await books.port.submit(command)).toMatchObject({ outcome: 'posted' });
    }
  };
  const alarms = async (): Promise<string[]> =>
    (await watch.verdicts())
      .filter(({ state }) => state === 'alarm')
      .map(({ watch: name }) => name);
  const heard = async (): Promise<unknown[]> => {
    told.length = 0;
    await watch.run();
    return told.map(({ data }) => data);
  };
  const at = (): string => clock.now().toISOString();
  const gauge = async (name: string): Promise<readonly Reading[]> =>
    (await watchGauges({ database, clock }).read()).filter((reading) => reading.gauge === name);

  it('find nothing wrong in new books, nor in ordinary ones', async () => {
    expect(await alarms()).toEqual([]);
    await submit(paid(at()), paid(at()), closed(at()), approved(at(), '900'));
    expect(await alarms()).toEqual([]);
    expect(await heard()).toEqual([]);
  });

  it('tell that a payout is past its term, once, and when it is over', async () => {
    clock.advance(3 * DAY_MS);
    await submit(approved(at(), '100'));
    clock.advance(4 * DAY_MS);
    expect(await alarms()).toEqual(['clearing-payout']);
    expect(await heard()).toMatchObject([
      {
        ...{ watch: 'clearing-payout', state: 'alarm', change: '1' },
        detail: { oldestDays: '7', balanceMinor: '1000', overdueAccounts: '1', termDays: '6' },
      },
    ]);
    expect(await heard()).toEqual([]);
    const overdue = await gauge('stuiver_clearing_overdue_accounts');
    expect(overdue.filter(({ value }) => value > 0)).toEqual([
      { gauge: 'stuiver_clearing_overdue_accounts', value: 1, labels: { kind: 'payout' } },
    ]);
    // What came first goes first: what is left came four days ago.
    await submit(settled(at(), '900'));
    expect(await heard()).toMatchObject([{ watch: 'clearing-payout', state: 'well', change: '2' }]);
    const oldest = await gauge('stuiver_clearing_oldest_days');
    expect(oldest).toContainEqual({
      ...{ gauge: 'stuiver_clearing_oldest_days', value: 4, labels: { kind: 'payout' } },
    });
  });

  it('tell that less is there than we owe', async () => {
    await submit(fee(at(), '60'));
    expect(await alarms()).toEqual(['safeguarding']);
    expect(await gauge('stuiver_safeguarding_shortfall_minor')).toMatchObject([{ value: 22 }]);
    await submit({ ...fee(at(), '30'), back: true });
    expect(await alarms()).toEqual([]);
  });

  it('tell again, as the same event, what they may not have told', async () => {
    await submit(fee(at(), '60'));
    isBusDown = true;
    await expect(watch.run()).rejects.toThrow('the bus is down');
    isBusDown = false;
    // Two processes see it at the same moment.
    told.length = 0;
    const port = new PostgresWatch(database);
    await watch.run();
    await port.keep('safeguarding', { state: 'alarm', change: 1n }, clock.now());
    expect(told.map(({ id }) => id)).toHaveLength(1);
    expect(await port.told('safeguarding')).toEqual({ state: 'alarm', change: 1n });
    expect(await heard()).toEqual([]);
  });

  it('tell that debits and credits differ', async () => {
    const owner = new pg.Client({ connectionString: db.adminUrl });
    await owner.connect();
    await owner.query(
      `update ledger.account set balance_minor = balance_minor + 3 where code = 'fees:psp'`,
    );
    await owner.end();
    expect(await alarms()).toContain('trial-balance');
  });
});

function paid(effectiveAt: string): LedgerCommand {
  return {
    ...{ kind: 'payment', id: randomUUID(), effectiveAt, attemptId: 'att', orderId: 'ord', ...M },
    ...{
      funds: { kind: 'psp', psp: 'stripe', account: null },
      amountMinor: '1000',
      feeMinor: '19',
    },
  };
}

function closed(effectiveAt: string): LedgerCommand {
  return { kind: 'settlement-close', id: randomUUID(), effectiveAt, settlementId: 'set', ...M };
}

function approved(effectiveAt: string, amountMinor: string): LedgerCommand {
  return {
    ...{ kind: 'payout-approve', id: randomUUID(), effectiveAt, payoutId: 'po', amountMinor, ...M },
  };
}

function settled(effectiveAt: string, amountMinor: string): LedgerCommand {
  return {
    ...{ kind: 'payout-settle', id: randomUUID(), effectiveAt, payoutId: 'po', bank: 'main' },
    ...{ amountMinor, ...M },
  };
}

function fee(effectiveAt: string, amountMinor: string): LedgerCommandOf<'psp-fee'> {
  return {
    ...{ kind: 'psp-fee', id: randomUUID(), effectiveAt, pspTransactionId: 'txn', psp: 'stripe' },
    ...{ back: false, amountMinor, currency: 'EUR' },
  };
}
