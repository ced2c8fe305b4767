import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { LedgerCommand } from '@stuiver/contracts';
import { NoCrashPoints, SilentLog, SystemClock } from '@stuiver/ports';
import { type Database, openDatabase } from '@stuiver/postgres';
import { testDatabase, type TestDatabase } from '@stuiver/testing';
import { openBooks } from '../open-books.js';
import { replayBooks } from './kill-replay.js';

const ID = '5c0a7b1e-0000-4000-8000-000000000001';

const topUp = (id: string, amountMinor: string): LedgerCommand => ({
  ...{ kind: 'top-up', id, effectiveAt: '2026-11-23T10:00:00.000Z', topUpId: 'top_1' },
  ...{ psp: 'stripe', userId: 'usr_a', amountMinor, currency: 'EUR' },
});

const limitSet = (id: string): LedgerCommand => ({
  ...{ kind: 'limit-set', id, effectiveAt: '2026-11-23T10:00:00.000Z', currency: 'EUR' },
  ...{ subject: 'account:user:usr_a:wallet', name: 'spend' },
  limit: {
    ...{ window: { kind: 'month' }, side: 'credit', counterparty: null },
    ...{ countMax: null, sumMaxMinor: '100' },
  },
});

describe('books that are booked again by the naive model', () => {
  let db: TestDatabase;
  let books: Database;
  let admin: Database;

  beforeEach(async () => {
    db = await testDatabase();
    books = await db.open('ledger');
    admin = await openDatabase({ url: db.adminUrl, applicationName: 'tamperer', poolMax: 1 });
    const parts = { clock: new SystemClock(), log: new SilentLog(), crash: new NoCrashPoints() };
    const { port } = openBooks({ database: books, ...parts, onCommitted: () => undefined });
    await port.submit(topUp(ID, '700'));
    await port.submit(topUp(ID.replace(/1$/, '2'), '50'));
    await port.submit(limitSet(ID.replace(/1$/, '3')));
    await port.submit(topUp(ID.replace(/1$/, '4'), '25'));
  });
  afterEach(async () => {
    await admin.close();
    await db.close();
  });

  it('are the same', async () => {
    const { differences, ...counted } = await replayBooks(books.pool);
    expect(differences).toEqual([]);
    expect(counted).toMatchObject({ batches: 4, commands: 4, transfers: 3 });
  });

  it.each([
    {
      what: 'a command that says something else than was booked',
      sql: `update ledger.command set content = replace(content::text, '"700"', '"701"')::json where id = '${ID}'`,
      where: `what became of top-up ${ID}`,
    },
    {
      what: 'an account that is moved by nothing',
      sql: `update ledger.account set balance_minor = 776 where code = 'user:usr_a:wallet'`,
      where: 'account user:usr_a:wallet',
    },
    {
      what: 'a transfer that takes effect at another time',
      sql: `update ledger.transfer set effective_at = effective_at + interval '1 hour' where seq = 1`,
      where: `when top-up ${ID}`,
    },
    {
      what: 'terms that nobody set',
      sql: `update ledger.account set ceiling_minor = 900 where code = 'user:usr_a:wallet'`,
      where: 'the terms of user:usr_a:wallet',
    },
    {
      what: 'a limit that forgot what counts',
      sql: `update ledger.velocity_counter set sum_minor = 1`,
      where: 'the limits on account:user:usr_a:wallet',
    },
    {
      what: 'commands in another order',
      sql: `update ledger.command set batch = 5 - batch`,
      where: 'what became of',
    },
  ])('are not the same with $what', async ({ sql, where }) => {
    await admin.query(`set session_replication_role = replica; ${sql}`);
    const { differences } = await replayBooks(books.pool);
    expect(differences.join('\n')).toContain(where);
  });
});
