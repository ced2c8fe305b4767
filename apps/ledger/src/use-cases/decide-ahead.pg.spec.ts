import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { LedgerCommandOf, LedgerResult } from '@stuiver/contracts';
import { NoCrashPoints, SilentLog, SystemClock } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import { testDatabase, type TestDatabase } from '@stuiver/testing';
import { PostgresLedgerReads } from '../adapters/postgres/postgres-ledger-reads.js';
import { PostgresLedgerStore } from '../adapters/postgres/postgres-ledger-store.js';
import { acceptCommand } from './accept-command.js';
import type { Appended, BatchRows, LedgerStore } from './ledger-store.js';
import { PostBatch } from './post-batch.js';

/** Enough for two batches, the second decided while the first is written. */
const COMMANDS = 300;
const NET_MINOR = 981;

const payment = (merchantId: string): LedgerCommandOf<'payment'> => ({
  ...{ kind: 'payment', id: randomUUID(), effectiveAt: '2026-11-23T10:00:00Z' },
  ...{ attemptId: 'att', orderId: 'ord', merchantId, amountMinor: '1000', feeMinor: '19' },
  ...{ funds: { kind: 'psp', psp: 'stripe', account: null }, currency: 'EUR' },
});

describe('a batch that is decided while the one before is written', () => {
  let db: TestDatabase;
  let database: Database;
  let real: PostgresLedgerStore;
  let balance: (merchantId: string) => Promise<string | undefined>;

  beforeAll(async () => {
    db = await testDatabase();
    database = await db.open('ledger');
    real = new PostgresLedgerStore(database.pool);
    const reads = new PostgresLedgerReads(database);
    balance = async (id) => (await reads.account(`merchant:${id}:pending`))?.balanceMinor;
  });
  afterAll(() => db.close());

  /** A poster that knows its accounts, with `append` in the place of the store's from then on. */
  const open = async (
    merchantId: string,
    append: (rows: BatchRows, nth: number) => Promise<Appended>,
  ): Promise<{ poster: PostBatch; sent: BatchRows[]; reads: () => number }> => {
    const sent: BatchRows[] = [];
    let reads = 0;
    let isReady = false;
    const store: LedgerStore = {
      read: (question) => {
        reads += 1;
        return real.read(question);
      },
      underLock: (work) => real.underLock(work),
      append: async (rows) => {
        if (!isReady) return real.append(rows);
        sent.push(rows);
        // Time for the next batch to be decided.
        for (let turn = 0; turn < 20; turn += 1) await nextTurn();
        return append(rows, sent.length);
      },
    };
    const poster = new PostBatch({
      ...{ store, clock: new SystemClock(), log: new SilentLog(), crash: new NoCrashPoints() },
      onCommitted: () => undefined,
    });
    for (let index = 0; index < 2; index += 1) await poster.run(acceptCommand(payment(merchantId)));
    isReady = true;
    reads = 0;
    return { poster, sent, reads: () => reads };
  };
  const book = (poster: PostBatch, merchantId: string): Promise<LedgerResult>[] =>
    Array.from({ length: COMMANDS }, () => poster.run(acceptCommand(payment(merchantId))));
  /** Each has the version that its place gives it: all in order, none twice. */
  const expectInOrder = (results: readonly LedgerResult[], before: number): void => {
    const versions = results.map(
      (one) => one.outcome === 'posted' && one.transfers[0]?.creditVersion,
    );
    expect(versions).toEqual(results.map((_, index) => String(2 * (before + index) + 1)));
  };

  it('is sent on top of it, without reading anything', async () => {
    const { poster, sent, reads } = await open('1', (rows) => real.append(rows));
    expectInOrder(await Promise.all(book(poster, '1')), 2);
    expect(sent).toHaveLength(2);
    expect(sent[1]?.before).toBe(sent[0]?.after);
    expect(reads()).toBe(0);
  });

  it('answers only after its own commit', async () => {
    let committed = 0;
    const { poster } = await open('2', async (rows) => {
      const appended = await real.append(rows);
      committed += rows.commands.length;
      return appended;
    });
    const answered: boolean[] = [];
    await Promise.all(
      book(poster, '2').map(async (one, index) => {
        await one;
        answered.push(committed > index);
      }),
    );
    expect(answered).toEqual(Array.from({ length: COMMANDS }, () => true));
  });

  it('is decided anew when somebody else wrote in between', async () => {
    const other = new PostBatch({
      ...{ store: real, clock: new SystemClock(), log: new SilentLog() },
      ...{ crash: new NoCrashPoints(), onCommitted: () => undefined },
    });
    const { poster, sent } = await open('3', async (rows, nth) => {
      if (nth === 1) await other.run(acceptCommand(payment('3')));
      return real.append(rows);
    });
    expectInOrder(await Promise.all(book(poster, '3')), 3);
    // The first was refused; what stood on it was never sent.
    expect(sent[1]?.before).not.toBe(sent[0]?.after);
    expect(await balance('3')).toBe(String((COMMANDS + 3) * NET_MINOR));
  });

  it.each([
    ['after', '4'],
    ['before', '5'],
  ])('is booked once when the answer of the first is lost %s its commit', async (when, id) => {
    const { poster } = await open(id, async (rows, nth) => {
      if (nth === 1 && when === 'before') throw new Error('the connection broke');
      const appended = await real.append(rows);
      if (nth === 1) throw new Error('the connection broke');
      return appended;
    });
    expectInOrder(await Promise.all(book(poster, id)), 2);
    expect(await balance(id)).toBe(String((COMMANDS + 2) * NET_MINOR));
  });

  it('may hold the same command as the first: it has one answer', async () => {
    const { poster } = await open('6', (rows) => real.append(rows));
    const command = acceptCommand(payment('6'));
    const answers = book(poster, '6');
    const first = poster.run(command);
    answers.unshift(poster.run(command), ...book(poster, '6'));
    await Promise.all(answers);
    expect(await answers[0]).toEqual(await first);
    expect(await poster.run(command)).toEqual(await first);
    const changed = { ...payment('6'), id: command.id };
    const conflict = poster.run(acceptCommand({ ...changed, amountMinor: '7' }));
    await expect(conflict).rejects.toMatchObject({ code: 'COMMAND_CONFLICT' });
    expect(await balance('6')).toBe(String((2 * COMMANDS + 3) * NET_MINOR));
  });
});

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
