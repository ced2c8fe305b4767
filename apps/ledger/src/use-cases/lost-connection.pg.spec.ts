import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type LedgerCommandOf, type LedgerResult, LedgerUnavailable } from '@stuiver/contracts';
import { NoCrashPoints, SilentLog, SystemClock } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import { eventually, testDatabase, type TestDatabase } from '@stuiver/testing';
import { PostgresLedgerReads } from '../adapters/postgres/postgres-ledger-reads.js';
import { PostgresLedgerStore } from '../adapters/postgres/postgres-ledger-store.js';
import { acceptCommand } from './accept-command.js';
import { type Appended, type BatchRows, type LedgerStore, RowsRefused } from './ledger-store.js';
import { PostBatch } from './post-batch.js';

const NET_MINOR = 981;

function payment(merchantId: string): LedgerCommandOf<'payment'> {
  return {
    kind: 'payment',
    id: randomUUID(),
    effectiveAt: '2026-11-23T10:00:00Z',
    attemptId: 'att_1',
    orderId: 'ord_1',
    merchantId,
    funds: { kind: 'psp', psp: 'stripe', account: null },
    amountMinor: '1000',
    feeMinor: '19',
    currency: 'EUR',
  };
}

/** Counts how often the poster had to find out what became of a batch. */
class CountingLog extends SilentLog {
  lost = 0;

  override warn(): void {
    this.lost += 1;
  }
}

function openPoster(store: LedgerStore, log = new SilentLog()): PostBatch {
  const quiet = { crash: new NoCrashPoints(), onCommitted: () => undefined };
  return new PostBatch({ store, clock: new SystemClock(), log, ...quiet });
}

/** The real store, but for what happens to the batches that go without a lock. */
function storeWith(real: LedgerStore, append: (rows: BatchRows) => Promise<Appended>): LedgerStore {
  return {
    read: (question) => real.read(question),
    underLock: (work) => real.underLock(work),
    append,
  };
}

describe('a batch whose answer is lost', () => {
  let db: TestDatabase;
  let database: Database;
  let real: PostgresLedgerStore;
  let pending: (merchantId: string) => Promise<string | undefined>;

  beforeAll(async () => {
    db = await testDatabase();
    database = await db.open('ledger');
    real = new PostgresLedgerStore(database.pool);
    const reads = new PostgresLedgerReads(database);
    pending = async (id) => (await reads.account(`merchant:${id}:pending`))?.balanceMinor;
  });
  afterAll(() => db.close());

  it('is not booked again when it was written', async () => {
    const poster = openPoster(
      storeWith(real, async (rows) => {
        await real.append(rows);
        throw new Error('the connection broke after the commit');
      }),
    );
    await poster.run(acceptCommand(payment('1')));
    const command = payment('2');
    const result = await poster.run(acceptCommand(command));
    expect(result).toMatchObject({ outcome: 'posted', commandId: command.id });
    expect(await openPoster(real).run(acceptCommand(command))).toEqual(result);
    expect(await pending('2')).toBe(String(NET_MINOR));
  });

  it('is booked once when the lost statement arrives after we wrote it again', async () => {
    const ghosts: BatchRows[] = [];
    const poster = openPoster(
      storeWith(real, (rows) => {
        ghosts.push(rows);
        return Promise.reject(new Error('the connection broke before the server read it'));
      }),
    );
    await poster.run(acceptCommand(payment('3')));
    const command = payment('4');
    await poster.run(acceptCommand(command));
    expect(ghosts).toHaveLength(1);
    for (const ghost of ghosts) expect(await real.append(ghost)).toBe('known');
    expect(await pending('4')).toBe(String(NET_MINOR));
  });

  it('is dead once its command is voided', async () => {
    const ghosts: BatchRows[] = [];
    const unreachable: LedgerStore = {
      read: (question) => real.read(question),
      append: (rows) => {
        ghosts.push(rows);
        return Promise.reject(new Error('no connection'));
      },
      underLock: (work) =>
        ghosts.length === 0 ? real.underLock(work) : Promise.reject(new Error('no connection')),
    };
    const poster = openPoster(unreachable);
    await poster.run(acceptCommand(payment('5')));
    const command = payment('6');
    await expect(poster.run(acceptCommand(command))).rejects.toBeInstanceOf(LedgerUnavailable);
    // Somebody else books in between, on the head that the ghost expects.
    await openPoster(real).run(acceptCommand(payment('5')));
    for (const ghost of ghosts) expect(await real.append(ghost)).toBe('moved');
    expect(await pending('6')).toBeUndefined();
  });

  it('spoils only the command that the database refuses', async () => {
    const spoilt = payment('7');
    const refuse = (rows: BatchRows): void => {
      if (rows.commands.some(({ id }) => id === spoilt.id))
        throw new RowsRefused('a rule of the tables');
    };
    const picky: LedgerStore = {
      read: (question) => real.read(question),
      append: async (rows) => {
        refuse(rows);
        return real.append(rows);
      },
      underLock: (work) =>
        real.underLock((writer) =>
          work({
            read: (question) => writer.read(question),
            append: async (rows) => {
              refuse(rows);
              return writer.append(rows);
            },
          }),
        ),
    };
    const poster = openPoster(picky);
    const commands = [payment('8'), spoilt, payment('8'), payment('8')];
    const outcomes = await Promise.allSettled(
      commands.map((one) => poster.run(acceptCommand(one))),
    );
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    expect(await pending('8')).toBe(String(3 * NET_MINOR));
  });

  it('holds up nobody when its writer stands still with the lock', async () => {
    let wake: () => void = () => undefined;
    const asleep = new Promise<void>((resolve) => (wake = resolve));
    const stuck = expect(real.underLock(() => asleep)).rejects.toThrow();
    await eventually('the lock is held', async () => {
      const held = await database.query(
        "select from pg_locks where relation = 'ledger.head'::regclass and granted",
      );
      return held.length > 0;
    });
    expect(await openPoster(real).run(acceptCommand(payment('11')))).toMatchObject({
      outcome: 'posted',
    });
    wake();
    await stuck;
  });

  it('is found out about when the server ends our connections', async () => {
    const log = new CountingLog();
    const poster = openPoster(real, log);
    const killer = await db.open('ledger', { poolMax: 1 });
    let done = 0;
    let callers = 8;
    const caller = async (): Promise<void> => {
      while (log.lost < 5 && done < 100_000) {
        await submitSurely(poster, payment('9'));
        done += 1;
      }
      callers -= 1;
    };
    const work = Promise.all(Array.from({ length: callers }, caller));
    while (callers === 8) {
      const before = done;
      await eventually('the books move on', () => done > before || callers < 8);
      await killer.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where usename = current_user and pid <> pg_backend_pid() and datname = current_database()`,
      );
    }
    await work;
    expect(log.lost).toBeGreaterThanOrEqual(5);
    const [account] = await killer.query<{ balance_minor: string }>(
      "select balance_minor from ledger.account where code = 'merchant:9:pending'",
    );
    expect(account?.balance_minor).toBe(String(done * NET_MINOR));
  }, 60_000);
});

/** As a caller does who was told that the outcome is unknown: the same command again. */
async function submitSurely(
  poster: PostBatch,
  command: LedgerCommandOf<'payment'>,
): Promise<LedgerResult> {
  for (;;) {
    try {
      return await poster.run(acceptCommand(command));
    } catch (error) {
      if (!(error instanceof LedgerUnavailable)) throw error;
    }
  }
}
