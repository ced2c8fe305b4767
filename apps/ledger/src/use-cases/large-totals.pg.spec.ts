import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { LedgerCommand, StuiverEvent } from '@stuiver/contracts';
import { NoCrashPoints, SilentLog, SystemClock } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import { testDatabase, type TestDatabase } from '@stuiver/testing';
import { LedgerOutbox } from '../adapters/events/ledger-outbox.js';
import { type Books, openBooks } from '../open-books.js';

const AT = { effectiveAt: '2026-11-23T10:00:00.000Z', currency: 'EUR' } as const;
/** The most that one command may say. */
const MOST = '9'.repeat(18);
const TWICE = (BigInt(MOST) * 2n).toString();

describe('a total of more digits than an amount may have', () => {
  let db: TestDatabase;
  let database: Database;

  beforeEach(async () => {
    db = await testDatabase();
    database = await db.open('ledger');
  });
  afterEach(() => db.close());

  /** One that remembers nothing: it reads what is known from the tables. */
  const open = (): Books =>
    openBooks({
      ...{ database, clock: new SystemClock(), log: new SilentLog(), crash: new NoCrashPoints() },
      onCommitted: () => undefined,
    });
  const payment = (): LedgerCommand => ({
    ...{ kind: 'payment', id: randomUUID(), ...AT, attemptId: 'att_1', orderId: 'ord_1' },
    ...{ merchantId: '1900000001', funds: { kind: 'psp', psp: 'stripe', account: null } },
    ...{ amountMinor: MOST, feeMinor: '0' },
  });

  it('is moved, answered again, listed and told', async () => {
    const { port } = open();
    await port.submit(payment());
    await port.submit(payment());
    const close: LedgerCommand = {
      ...{ kind: 'settlement-close', id: randomUUID(), ...AT },
      ...{ settlementId: 'set_1', merchantId: '1900000001' },
    };
    const first = await port.submit(close);
    expect(first).toMatchObject({ outcome: 'posted', transfers: [{ amountMinor: TWICE }] });
    expect(await open().port.submit(close)).toEqual(first);
    const page = { afterVersion: '0', limit: 5 };
    expect(await port.statement('merchant:1900000001:available', page)).toMatchObject([
      { amountMinor: TWICE },
    ]);
    const told: StuiverEvent[] = [];
    await new LedgerOutbox(database.pool).relay(10, async (events) => {
      told.push(...events);
      return Promise.resolve();
    });
    expect(told.at(-1)?.data).toMatchObject({ amountMinor: TWICE });
  });
});
