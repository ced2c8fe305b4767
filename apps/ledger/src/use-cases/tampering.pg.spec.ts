import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { LedgerCommandOf } from '@stuiver/contracts';
import { NoCrashPoints, SilentLog, SystemClock, SystemRandom } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import { FixedClock, testDatabase, type TestDatabase } from '@stuiver/testing';
import { auditRowsOn, PostgresAudit } from '../adapters/postgres/postgres-audit.js';
import { openFileKeyStore } from '@stuiver/key-store-file';
import { openProofs } from '../open-proofs.js';
import { openBooks } from '../open-books.js';
import { type Verified, VerifyLedger } from './verify-ledger.js';

const NOT_GRANTED = '42501';

let db: TestDatabase;
let database: Database;
let admin: pg.Client;
let service: pg.Client;
let dir: string;
let publicKeyPem: string;

const currency = 'EUR';
const DAYS_BEFORE = '2026-11-20T10:00:00Z';

function topUp(
  userId: string,
  amountMinor: string,
  effectiveAt = '2026-11-23T10:00:00Z',
): LedgerCommandOf<'top-up'> {
  return {
    ...{ kind: 'top-up', id: randomUUID(), topUpId: 'top_1' },
    ...{ userId, psp: 'stripe', amountMinor, effectiveAt, currency },
  };
}

function payment(
  userId: string,
  amountMinor: string,
  effectiveAt = '2026-11-23T10:00:00Z',
): LedgerCommandOf<'payment'> {
  return {
    ...{
      kind: 'payment',
      id: randomUUID(),
      attemptId: 'att_1',
      orderId: 'ord_1',
      merchantId: '19',
    },
    ...{ funds: { kind: 'wallet', userId }, amountMinor, feeMinor: '19' },
    ...{ effectiveAt, currency },
  };
}

/** Several batches: some of one command, one of many, some with refusals. */
async function fill(): Promise<void> {
  const quiet = { log: new SilentLog(), crash: new NoCrashPoints(), onCommitted: () => undefined };
  const { port } = openBooks({ database, clock: new FixedClock(), ...quiet });
  await port.submit(topUp('usr_a', '5000', DAYS_BEFORE));
  await port.submit(topUp('usr_b', '7000'));
  await port.submit(payment('usr_a', '99999'));
  await Promise.all([
    port.submit(payment('usr_a', '1000', DAYS_BEFORE)),
    port.submit(payment('usr_b', '88888')),
    port.submit(payment('usr_b', '1200')),
    port.submit(payment('usr_a', '300')),
  ]);
  const keys = await openFileKeyStore({
    dir,
    clock: new SystemClock(),
    random: new SystemRandom(),
  });
  ({ publicKeyPem } = await keys.checkpointKey());
  const log = new SilentLog();
  await openProofs({ database, keys, clock: new SystemClock(), log }).makeCheckpoint.run();
  await port.submit(payment('usr_b', '100'));
  await port.submit(payment('usr_a', '200'));
}

beforeAll(async () => {
  db = await testDatabase();
  database = await db.open('ledger');
  admin = new pg.Client({ connectionString: db.adminUrl });
  service = new pg.Client({ connectionString: db.url('ledger') });
  await Promise.all([admin.connect(), service.connect()]);
  dir = await mkdtemp(join(tmpdir(), 'keys-'));
  await fill();
}, 60_000);
afterAll(async () => {
  await Promise.all([admin.end(), service.end()]);
  await db.close();
  await rm(dir, { recursive: true });
});
beforeEach(async () => {
  await admin.query('rollback');
});

/** What an audit says after somebody with every right has done this; undone afterwards. */
async function after(sql: string): Promise<Verified> {
  await admin.query('begin');
  // No trigger, no foreign key.
  await admin.query('set local session_replication_role = replica');
  const { rowCount } = await admin.query(sql);
  expect(rowCount).toBe(1);
  const verified = await new VerifyLedger({
    atOneMoment: (work) => work(auditRowsOn(admin)),
  }).run({ publicKeyPem });
  await admin.query('rollback');
  return verified;
}

interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
}

/** Another value of the same type. */
const OTHER: Readonly<Record<string, (column: string) => string>> = {
  smallint: (column) => `${column} + 1`,
  bigint: (column) => `${column} + 1000`,
  integer: (column) => `${column} + 1`,
  numeric: (column) => `${column} + 1`,
  text: (column) => `coalesce(${column}, '') || '2'`,
  json: () => `'{"x":"y"}'`,
  uuid: () => 'gen_random_uuid()',
  bytea: (column) => `set_byte(${column}, 0, get_byte(${column}, 0) # 1)`,
  character: () => `'USD'`,
  date: (column) => `${column} + 1`,
  'timestamp with time zone': (column) => `${column} + interval '1 microsecond'`,
};

/** How a check of the table wants it. */
const SPECIAL: Readonly<Record<string, string>> = {
  'account.normal_side': `case normal_side when 'debit' then 'credit' else 'debit' end`,
  'account.floor_minor': '-5',
  'account.own_floor_minor': '-7',
  'account.held_minor': '1',
  'checkpoint.trial_balance': `'[]'`,
  'account_past_day.transfers': 'transfers - 1',
  'account_past_day.first_version': 'first_version - 1',
  'account.day_transfers': 'day_transfers - 1',
  'account.day_first_version': 'day_first_version - 1',
};

/** The row that is changed: not the first, so that something stands before it, nor always the last. */
const WHICH: Readonly<Record<string, string>> = {
  transfer: 'seq = 5',
  command: `id = (select id from ledger.command where batch = 4 and transfer_count > 0 order by first_seq limit 1)`,
  'command.refusal': 'refusal is not null',
  batch: 'no = 4',
  seal: 'batch = 4',
  account: `code = 'user:usr_a:wallet'`,
  account_past_day: `account = (select id from ledger.account where code = 'user:usr_a:wallet')`,
  head: 'shard = 1',
  chain: 'shard = 1',
  checkpoint: 'true',
};

function changeOf({ table, column, type }: Column): string {
  const name = `${table}.${column}`;
  const other = SPECIAL[name] ?? OTHER[type]?.(column);
  if (other === undefined) throw new Error(`no other value for ${name}: ${type}`);
  const where = WHICH[name] ?? WHICH[table] ?? '';
  const row = `select ctid from ledger.${table} where ${where} limit 1`;
  return `update ledger.${table} set ${column} = ${other} where ctid = (${row})`;
}

/** Where a row that is gone is missed. */
const TABLES: Readonly<Record<string, string>> = {
  transfer: 'transfer',
  command: 'command',
  batch: 'batch',
  seal: 'seal',
  account: 'account',
  account_past_day: 'account_day',
  head: 'head',
  chain: 'chain',
};

/** What is reported in another place than where it was changed, since both contradict each other. */
const REPORTED: Readonly<Record<string, { table: string; column: string }>> = {
  // The number is the row's name: under it, there is none.
  'transfer.seq': { table: 'transfer', column: 'seq' },
  'chain.id': { table: 'chain', column: 'genesis' },
  'chain.begins_at': { table: 'chain', column: 'genesis' },
  'account.own_floor_minor': { table: 'account', column: 'floor_minor' },
  ...daysReported(),
  'checkpoint.last_account': { table: 'checkpoint', column: 'signature' },
  'checkpoint.trial_balance': { table: 'checkpoint', column: 'signature' },
  'command.batch': { table: 'command', column: 'id' },
};

/** The days of an account, past and last, are one view. */
function daysReported(): typeof REPORTED {
  const columns = ['debit_minor', 'credit_minor', 'transfers', 'first_version', 'last_version'];
  const reported = columns.flatMap((column) => [
    [`account_past_day.${column}`, { table: 'account_day', column }] as const,
    [`account.day_${column}`, { table: 'account_day', column }] as const,
  ]);
  const missed = { table: 'account_day', column: 'account' };
  return {
    ...Object.fromEntries(reported),
    ...{ 'account_past_day.account': missed, 'account.day_on': missed },
    ...{ 'account_past_day.booked_on': missed, 'account_past_day.effective_on': missed },
  };
}

/** Terms and limits of accounts are rules for what comes, not facts about what was. */
const RULES = new Set(['account.state', 'account.ceiling_minor', 'account.limited']);

describe('every column of the books', () => {
  let columns: readonly Column[];

  beforeAll(async () => {
    const { rows } = await admin.query<Column>(
      `select table_name as table, column_name as column, data_type as type from information_schema.columns
        where table_schema = 'ledger' and table_name = any ($1) order by table_name, ordinal_position`,
      [Object.keys(WHICH)],
    );
    columns = rows;
  });

  it('is as it must be before anybody touches it', async () => {
    const verified = await new VerifyLedger(new PostgresAudit(database.pool)).run();
    expect(verified).toMatchObject({ finding: undefined, batches: 6, transfers: 12, commands: 9 });
    const later = await new VerifyLedger(new PostgresAudit(database.pool)).run({
      from: 'checkpoint',
      publicKeyPem,
    });
    expect(later).toMatchObject({ finding: undefined, from: 4n, to: 6n, transfers: 4 });
    expect(later.hash).toBe(verified.hash);
  });

  it('cannot be changed by the service', async () => {
    for (const { table, column } of columns) {
      const sql = `update ledger.${table} set ${column} = ${column}`;
      await expect(service.query(sql)).rejects.toMatchObject({ code: NOT_GRANTED });
    }
  });

  it('is found and named when the administrator changes it', async () => {
    const unfound: string[] = [];
    const misnamed: unknown[] = [];
    for (const { table, column, type } of columns) {
      const name = `${table}.${column}`;
      if (RULES.has(name)) continue;
      const { finding } = await after(changeOf({ table, column, type }));
      const expected = REPORTED[name] ?? { table, column };
      if (finding === undefined) unfound.push(name);
      else if (finding.table !== expected.table || finding.column !== expected.column) {
        misnamed.push({ name, finding });
      }
    }
    expect({ unfound, misnamed }).toEqual({ unfound: [], misnamed: [] });
  }, 60_000);

  it('never lacks a row unseen', async () => {
    const unfound: string[] = [];
    for (const table of Object.keys(TABLES)) {
      const where = `ctid = (select ctid from ledger.${table} where ${WHICH[table] ?? ''} limit 1)`;
      const { finding } = await after(`delete from ledger.${table} where ${where}`);
      if (finding?.table !== TABLES[table]) unfound.push(`${table}: ${JSON.stringify(finding)}`);
    }
    expect(unfound).toEqual([]);
  });

  it.each(
    // prettier-ignore
    [
      { table: 'transfer', set: { seq: '1000', debit_version: '1000', credit_version: '1000' } },
      { table: 'command', set: { id: 'gen_random_uuid()', transfer_count: '0' } },
      { table: 'command', set: { id: 'gen_random_uuid()', batch: '77' } },
      { table: 'batch', set: { no: '77' } },
      { table: 'seal', set: { batch: '77' } },
      { table: 'account', set: { id: '77', code: `'user:usr_x:wallet'`, owner: `'user:usr_x'` } },
      { table: 'account_past_day', set: { booked_on: `'2020-01-01'` } },
    ],
  )('never has a row too many unseen: $table $set', async ({ table, set }) => {
    const { rows } = await admin.query<{ column: string }>(
      `select column_name as column from information_schema.columns
        where table_schema = 'ledger' and table_name = $1 order by ordinal_position`,
      [table],
    );
    const values: Readonly<Record<string, string>> = set;
    const list = rows.map(({ column }) => values[column] ?? column).join(', ');
    const { finding } = await after(
      `insert into ledger.${table} select ${list} from ledger.${table} where ${WHICH[table] ?? ''} limit 1`,
    );
    expect(finding?.table).toBe(TABLES[table]);
  });
});
