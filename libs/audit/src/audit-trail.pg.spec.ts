import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { actAs, type AuditEntry, withTrace } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import { FixedClock, type TestDatabase, testDatabase } from '@stuiver/testing';
import {
  AUDIT_SCHEMAS,
  type AuditSchema,
  NO_AUDIT_SEARCH,
  PostgresAuditTrail,
  readAuditTrail,
  verifyAuditTrail,
} from './index.js';

const STAFF = { kind: 'staff', id: 'stf_00000000000000000000000001' } as const;
const REQUEST = { traceparent: '00-x', requestId: 'req-1', ip: '2001:DB8::1' };
const clock = new FixedClock('2026-11-23T10:00:00.120Z');

let home: TestDatabase;
let admin: pg.Client;
beforeAll(async () => {
  home = await testDatabase();
  admin = new pg.Client({ connectionString: home.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await home.close();
});

const discarded = (id: string): AuditEntry => ({
  act: 'batch-discarded',
  subject: { kind: 'batch', id },
  before: { state: 'prepared' },
  after: { state: 'discarded', count: 2, merchants: ['1', '2'] },
  reason: 'café: te laat',
});

const append = (database: Database, schema: AuditSchema, entry: AuditEntry): Promise<void> =>
  withTrace({ ...REQUEST }, () => {
    actAs(STAFF);
    return database.run((tx) => new PostgresAuditTrail(schema, clock).append(tx, entry));
  });

/** Behind every trigger's back, as somebody with the server in their hands; then as it was. */
async function tampering<T>(sql: string, look: () => Promise<T>): Promise<T> {
  const tables = ['audit_head', 'audit_entry'];
  await admin.query("set session_replication_role = 'replica'");
  for (const table of tables) {
    await admin.query(`create table kept_${table} as table payout.${table}`);
  }
  try {
    const { rowCount } = await admin.query(sql);
    expect(rowCount).toBeGreaterThan(0);
    return await look();
  } finally {
    for (const table of tables) {
      await admin.query(`delete from payout.${table}`);
      await admin.query(`insert into payout.${table} select * from kept_${table}`);
      await admin.query(`drop table kept_${table}`);
    }
    await admin.query("set session_replication_role = 'origin'");
  }
}

describe.each(AUDIT_SCHEMAS)('the audit trail of schema %s', (schema) => {
  let database: Database;
  beforeAll(async () => {
    database = await home.open(schema);
  });

  it('is good while it is empty, and with entries', async () => {
    const empty = await verifyAuditTrail(database, schema);
    expect(empty).toMatchObject({ schema, entries: '0', finding: null });
    for (const id of ['b1', 'b2', 'b3']) await append(database, schema, discarded(id));
    await database.run((tx) =>
      new PostgresAuditTrail(schema, clock).append(tx, {
        act: 'batch-exported',
        subject: { kind: 'batch', id: 'b1' },
      }),
    );
    const verified = await verifyAuditTrail(database, schema);
    expect(verified).toMatchObject({ entries: '4', finding: null });
    expect(verified.hash).not.toBe(empty.hash);
  });

  it('says who did what to what, from where, and why', async () => {
    const search = { ...NO_AUDIT_SEARCH, limit: 10 };
    const all = await readAuditTrail(database, schema, search);
    expect(all.map(({ no, actorKind, subjectId }) => [no, actorKind, subjectId])).toEqual([
      ['4', 'system', 'b1'],
      ['3', 'staff', 'b3'],
      ['2', 'staff', 'b2'],
      ['1', 'staff', 'b1'],
    ]);
    expect(all[1]).toMatchObject({
      ...{ at: '2026-11-23T10:00:00.120Z', actorId: STAFF.id, act: 'batch-discarded' },
      ...{ before: '{"state":"prepared"}', reason: 'café: te laat' },
      ...{ after: '{"count":2,"merchants":["1","2"],"state":"discarded"}' },
      ...{ requestId: 'req-1', ip: '2001:db8::1' },
    });
    const found = async (over: Partial<typeof search>): Promise<unknown[]> =>
      (await readAuditTrail(database, schema, { ...search, ...over })).map(({ no }) => no);
    expect(await found({ actor: STAFF.id, before: '3' })).toEqual(['2', '1']);
    expect(await found({ actor: 'system' })).toEqual(['4']);
    expect(await found({ subject: 'b1', act: 'batch-exported' })).toEqual(['4']);
    expect(await found({ to: '2026-11-22' })).toEqual([]);
    expect(await found({ from: '2026-11-24' })).toEqual([]);
    expect(await found({ from: '2026-11-23', to: '2026-11-23', limit: 1 })).toEqual(['4']);
  });

  it.each([
    ['update', "set reason = 'x'"],
    ['delete from', ''],
    ['truncate', ''],
  ])('is refused to the service: %s', async (verb, rest) => {
    for (const table of ['audit_entry', 'audit_head']) {
      const set = table === 'audit_head' && rest !== '' ? 'set no = no + 1' : rest;
      const change = `${verb} ${schema}.${table} ${set}`;
      await expect(database.query(change)).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('lets the service choose no number, no place and no hash', async () => {
    for (const column of ['no', 'previous_hash', 'digests', 'hash']) {
      const sql = `insert into ${schema}.audit_entry (${column}, at, actor_kind, act, subject_kind, subject_id)
        values ('1', now(), 'system', 'x', 'y', 'z')`;
      await expect(database.query(sql)).rejects.toMatchObject({ code: '42501' });
    }
    const move = `insert into ${schema}.audit_head (id, no, hash) values (gen_random_uuid(), 9, '')`;
    await expect(database.query(move)).rejects.toMatchObject({ code: '42501' });
  });

  it('stays as it is for its owner too', async () => {
    const changes = [`update ${schema}.audit_entry set reason = 'x'`];
    changes.push(`delete from ${schema}.audit_entry`, `truncate ${schema}.audit_entry`);
    changes.push(`delete from ${schema}.audit_head`, `truncate ${schema}.audit_head`);
    for (const change of changes) {
      await expect(admin.query(change)).rejects.toMatchObject({ code: 'AU002' });
    }
    const jump = `update ${schema}.audit_head set no = no + 2`;
    await expect(admin.query(jump)).rejects.toMatchObject({ code: 'AU001' });
    const fork = `insert into ${schema}.audit_entry (no, at, actor_kind, act, subject_kind, subject_id)
      values (2, now(), 'system', 'x', 'y', 'z')`;
    await expect(admin.query(fork)).rejects.toMatchObject({ code: 'AU001' });
  });

  it.each([
    ['a person without an id', { actor: { kind: 'staff', id: '' } }],
    ['an address of mail', { subject: { kind: 'staff', id: 'femke@example.eu' } }],
    ['a name', { subject: { kind: 'staff', id: 'Femke de Vries' } }],
  ] as const)('takes no %s', async (_what, over) => {
    const entry = { ...discarded('b9'), ...over };
    await expect(append(database, schema, entry)).rejects.toMatchObject({ code: '23514' });
    expect(await verifyAuditTrail(database, schema)).toMatchObject({ entries: '4', finding: null });
  });

  it('has no entry of what was rolled back, and no gap after it', async () => {
    const work = database.run(async (tx) => {
      await new PostgresAuditTrail(schema, clock).append(tx, discarded('b5'));
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    await append(database, schema, discarded('b6'));
    const [last] = await readAuditTrail(database, schema, { ...NO_AUDIT_SEARCH, limit: 1 });
    expect(last).toMatchObject({ no: '5', subjectId: 'b6' });
  });

  it('is one chain, however many write at once', async () => {
    const ids = Array.from({ length: 20 }, (_none, index) => `many-${String(index)}`);
    await Promise.all(ids.map((id) => append(database, schema, discarded(id))));
    expect(await verifyAuditTrail(database, schema)).toMatchObject({
      entries: '25',
      finding: null,
    });
  });
});

describe('what was changed behind our back', () => {
  let database: Database;
  beforeAll(async () => {
    database = await home.open('payout');
  });
  const look = () => verifyAuditTrail(database, 'payout');

  it.each([
    ['no', '777', '4'],
    ['at', "'2020-01-01'", '3'],
    ['at', "at + interval '1 microsecond'", '3'],
    ['actor_kind', "'operator'", '3'],
    ['actor_id', "'stf_somebody_else'", '3'],
    ['actor_id', 'null', '3'],
    ['act', "'batch-approved'", '3'],
    ['subject_kind', "'payout'", '3'],
    ['subject_id', "'b99'", '3'],
    ['before', 'null', '3'],
    ['after', `'{"state": "discarded"}'`, '3'],
    ['reason', "'another'", '3'],
    ['request_id', "'req-2'", '3'],
    ['ip', "'::1'", '3'],
    ['previous_hash', "repeat('a', 64)", '3'],
    ['digests', "repeat('a', 768)", '3'],
    ['hash', "repeat('a', 64)", '3'],
  ])('is found in column %s (%s)', async (column, value, found) => {
    // A check of a column stands in nobody's way either.
    const row = column === 'no' ? '4' : '3';
    await admin.query('alter table payout.audit_entry drop constraint if exists staff_have_an_id');
    const sql = `update payout.audit_entry set ${column} = ${value} where no = ${row}`;
    const { finding } = await tampering(sql, look);
    expect(finding).toMatchObject({ schema: 'payout', table: 'audit_entry', no: found, column });
    expect(finding?.expected).not.toBe(finding?.found);
    expect(await look()).toMatchObject({ finding: null });
  });

  it.each([
    ['id', 'gen_random_uuid()'],
    ['no', 'no + 1'],
    ['hash', "repeat('a', 64)"],
  ])('is found in the head: %s', async (column, value) => {
    const { finding } = await tampering(`update payout.audit_head set ${column} = ${value}`, look);
    expect(finding).toMatchObject({ table: 'audit_head', column });
  });

  it('is found when a row is removed: first, in the middle, last', async () => {
    for (const no of ['1', '12']) {
      const sql = `delete from payout.audit_entry where no = ${no}`;
      const next = String(Number(no) + 1);
      expect((await tampering(sql, look)).finding).toMatchObject({
        ...{ table: 'audit_entry', no, column: 'no', expected: no, found: next },
      });
    }
    const last = 'delete from payout.audit_entry where no = 25';
    expect((await tampering(last, look)).finding).toMatchObject({
      ...{ table: 'audit_head', no: '25', column: 'no', expected: '24', found: '25' },
    });
    const head = 'delete from payout.audit_head';
    expect((await tampering(head, look)).finding).toMatchObject({ table: 'audit_head' });
  });

  it('is found when a row is written anew with its own hashes: by the row after it', async () => {
    const sql = `update payout.audit_entry set reason = 'another', digests = d.all, hash =
        payout.audit_sha256('stuiver.audit.v1', previous_hash, d.all)
      from (select overlay(digests placing payout.audit_sha256('reason', 'another') from 9 * 64 + 1 for 64) as all
            from payout.audit_entry where no = 3) d where no = 3`;
    expect((await tampering(sql, look)).finding).toMatchObject({
      no: '4',
      column: 'previous_hash',
    });
  });

  it('is found at the end with a place noted elsewhere, and only with it', async () => {
    const { entries, hash } = await look();
    const sql = `with gone as (delete from payout.audit_entry where no = 25 returning previous_hash)
      update payout.audit_head set no = 24, hash = (select previous_hash from gone)`;
    const [without, noted] = await tampering(sql, async () => [
      await look(),
      await verifyAuditTrail(database, 'payout', { no: entries, hash }),
    ]);
    expect(without.finding).toBeNull();
    expect(noted.finding).toMatchObject({ table: 'audit_entry', no: '25', column: 'no' });
    const other = { no: '7', hash: 'b'.repeat(64) };
    const otherwise = await verifyAuditTrail(database, 'payout', other);
    expect(otherwise.finding).toMatchObject({ no: '7', column: 'hash' });
  });
});
