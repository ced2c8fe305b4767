import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { LedgerCommand, LedgerCommandOf, LedgerPort } from '@stuiver/contracts';
import { NoCrashPoints, SilentLog } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import { FixedClock, testDatabase, type TestDatabase } from '@stuiver/testing';
import { openBooks } from '../open-books.js';

const AT = '2030-01-01T12:00:30.000Z';
const SUBJECT = 'mandate:a';
const common = { effectiveAt: AT, currency: 'EUR' } as const;

const topUp = (): LedgerCommand => ({
  ...{ kind: 'top-up', id: randomUUID(), ...common, topUpId: 'top_1', psp: 'stripe' },
  ...{ userId: 'usr_a', amountMinor: '1000' },
});
const use = (): LedgerCommand => ({
  ...{ kind: 'hold-place', id: randomUUID(), ...common, account: 'user:usr_a:wallet' },
  ...{ amountMinor: '10', expiresAt: null, subjects: [SUBJECT] },
});
const twiceIn = (
  window: NonNullable<LedgerCommandOf<'limit-set'>['limit']>['window'],
): LedgerCommand => ({
  ...{ kind: 'limit-set', id: randomUUID(), ...common, subject: SUBJECT, name: 'spend' },
  limit: { window, side: null, counterparty: null, countMax: '2', sumMaxMinor: null },
});

describe('a limit that begins anew in the batch in which it is used', () => {
  let db: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    db = await testDatabase();
    database = await db.open('ledger');
  });
  afterAll(() => db.close());

  const open = (): LedgerPort =>
    openBooks({
      ...{ database, clock: new FixedClock(AT), log: new SilentLog(), crash: new NoCrashPoints() },
      onCommitted: () => undefined,
    }).port;

  it('counts nothing of before, whoever reads it', async () => {
    const port = open();
    await port.submitAll([topUp(), twiceIn({ kind: 'rolling', seconds: 3_600 }), use()]);
    const again = await port.submitAll([twiceIn({ kind: 'day' }), use()]);
    expect(again.map(({ outcome }) => outcome)).toEqual(['posted', 'posted']);
    // Whoever takes over knows what the tables know.
    const other = open();
    expect(await other.submit(use())).toMatchObject({ outcome: 'posted' });
    expect(await other.submit(use())).toMatchObject({ code: 'LIMIT' });
  });
});
