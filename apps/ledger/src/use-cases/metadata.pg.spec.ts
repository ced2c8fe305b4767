import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { LedgerCommandOf, LedgerPort } from '@stuiver/contracts';
import { NoCrashPoints, SilentLog } from '@stuiver/ports';
import { FixedClock, testDatabase, type TestDatabase } from '@stuiver/testing';
import { auditRowsOn } from '../adapters/postgres/postgres-audit.js';
import { openBooks } from '../open-books.js';
import { VerifyLedger } from './verify-ledger.js';

const GIVEN = 'a'.repeat(64);

function topUp(metadata: { metadataSha256?: string }): LedgerCommandOf<'top-up'> {
  const id = randomUUID();
  return {
    ...{ kind: 'top-up', id, topUpId: id, userId: 'usr_a', psp: 'stripe', amountMinor: '1000' },
    ...{ effectiveAt: '2026-11-23T10:00:00Z', currency: 'EUR', ...metadata },
  };
}

describe('the commitment to metadata of a command', () => {
  let db: TestDatabase;
  let admin: pg.Client;
  let port: LedgerPort;
  const plain = topUp({});
  const committed = topUp({ metadataSha256: GIVEN });

  beforeAll(async () => {
    db = await testDatabase();
    const database = await db.open('ledger');
    const quiet = { log: new SilentLog(), crash: new NoCrashPoints() };
    const onCommitted = (): void => undefined;
    ({ port } = openBooks({ database, clock: new FixedClock(), ...quiet, onCommitted }));
    await port.submit(plain);
    await port.submit(committed);
    admin = new pg.Client({ connectionString: db.adminUrl });
    await admin.connect();
  }, 60_000);
  afterAll(async () => {
    await admin.end();
    await db.close();
  });

  it('is part of its content: the same id with another, or none, is refused', async () => {
    expect(await port.submit(committed)).toMatchObject({ outcome: 'posted' });
    const other = { ...committed, metadataSha256: 'b'.repeat(64) };
    await expect(port.submit(other)).rejects.toMatchObject({ code: 'COMMAND_CONFLICT' });
    await expect(port.submit({ ...plain, id: committed.id })).rejects.toMatchObject({
      code: 'COMMAND_CONFLICT',
    });
  });

  it.each([
    ['another', committed.id, `replace(content::text, repeat('a', 64), repeat('b', 64))`],
    ['none', committed.id, `replace(content::text, '"metadataSha256":"${GIVEN}",', '')`],
    ['one that never was', plain.id, `'{"metadataSha256":"${GIVEN}",' || substr(content::text, 2)`],
  ])('is found by an audit when an administrator writes %s', async (_which, id, content) => {
    const sql = `update ledger.command set content = (${content})::json where id = $1`;
    await admin.query('begin');
    await admin.query('set local session_replication_role = replica');
    await admin.query(sql, [id]);
    const audit = new VerifyLedger({ atOneMoment: (work) => work(auditRowsOn(admin)) });
    const { finding } = await audit.run();
    await admin.query('rollback');
    expect(finding).toMatchObject({ table: 'command', key: id, column: 'content' });
    expect((await audit.run()).finding).toBeUndefined();
  });
});
