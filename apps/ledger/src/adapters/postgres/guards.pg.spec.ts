import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { testDatabase, type TestDatabase } from '@stuiver/testing';

const APPEND_ONLY = 'LB002';
const OFF_THE_BOOKS = 'LB003';
const NOT_GRANTED = '42501';
const CHECK = '23514';
const UNIQUE = '23505';

/** Two accounts, one command and its transfer, in a transaction that every case ends by rolling back. */
const BOOKS = `
  insert into ledger.batch (no, first_seq, transfer_count, command_count, at) values (1, 1, 1, 1, now());
  insert into ledger.command (id, kind, content, content_sha256, batch, first_seq, transfer_count)
  values ('00000000-0000-0000-0000-000000000001', 'top-up', '{}', '', 1, 1, 1);
  insert into ledger.account (id, code, owner, currency, normal_side, floor_minor, balance_minor, version) values
    (1, 'psp:stripe:balance', 'operator', 'EUR', 'debit', null, 0, 0),
    (2, 'user:usr_a:wallet', 'user:usr_a', 'EUR', 'credit', 0, 0, 0);
  update ledger.head set batch = 1, last_seq = 1, last_account = 2;`;

interface Transfer {
  readonly seq?: number;
  readonly command?: string;
  readonly debit?: number;
  readonly credit?: number;
  readonly amount?: number;
  readonly currency?: string;
  readonly debitVersion?: number;
  readonly debitAfter?: number;
  readonly creditVersion?: number;
  readonly creditAfter?: number;
}

describe('the tables of the ledger', () => {
  let db: TestDatabase;
  /** The owner of the tables, as whom the functions write. */
  let client: pg.Client;
  let service: pg.Client;

  beforeAll(async () => {
    db = await testDatabase();
    client = new pg.Client({ connectionString: db.adminUrl });
    service = new pg.Client({ connectionString: db.url('ledger') });
    await Promise.all([client.connect(), service.connect()]);
  });
  afterAll(async () => {
    await Promise.all([client.end(), service.end()]);
    await db.close();
  });
  beforeEach(async () => {
    await client.query('rollback');
    await client.query('begin');
    await client.query(BOOKS);
  });

  const insert = (given: Transfer = {}): Promise<unknown> => {
    const row = {
      seq: 1,
      command: '00000000-0000-0000-0000-000000000001',
      debit: 1,
      credit: 2,
      amount: 500,
      currency: 'EUR',
      debitVersion: 1,
      debitAfter: 500,
      creditVersion: 1,
      creditAfter: 500,
      ...given,
    };
    return client.query(
      `insert into ledger.transfer (seq, command_id, purpose, debit, credit, amount_minor, currency, debit_version,
         debit_after, credit_version, credit_after, effective_at, batch)
       values ($1, $2, 'top-up', $3, $4, $5, $6, $7, $8, $9, $10, now(), 1)`,
      Object.values(row),
    );
  };

  it('take a sound transfer', async () => {
    await expect(insert()).resolves.toBeDefined();
  });

  it.each([
    { what: 'of nothing', given: { amount: 0 }, code: CHECK },
    { what: 'of less than nothing', given: { amount: -1 }, code: CHECK },
    { what: 'from an account to itself', given: { credit: 1, creditVersion: 2 }, code: CHECK },
    { what: 'in another currency', given: { currency: 'USD' }, code: OFF_THE_BOOKS },
    { what: 'from an account that is not there', given: { debit: 77 }, code: OFF_THE_BOOKS },
    { what: 'to an account that is not there', given: { credit: 77 }, code: OFF_THE_BOOKS },
    {
      what: 'of a command that is not there',
      given: { command: randomUUID() },
      code: OFF_THE_BOOKS,
    },
    {
      what: 'that ends elsewhere than its account',
      given: { creditAfter: 501 },
      code: OFF_THE_BOOKS,
    },
    { what: 'ahead of its account', given: { debitVersion: 2 }, code: OFF_THE_BOOKS },
  ])('refuse a transfer $what', async ({ given, code }) => {
    await expect(insert(given)).rejects.toMatchObject({ code });
  });

  it.each([
    { side: 'debit', given: { seq: 2, creditVersion: 2 } },
    { side: 'credit', given: { seq: 2, debitVersion: 2 } },
    { side: 'sequence', given: { debitVersion: 2, creditVersion: 2 } },
  ])('refuse a second transfer with the same $side number', async ({ given }) => {
    await insert();
    await expect(insert(given)).rejects.toMatchObject({ code: UNIQUE });
  });

  it('refuse a balance below the floor', async () => {
    const below = client.query('update ledger.account set balance_minor = -1 where id = 2');
    await expect(below).rejects.toMatchObject({
      code: CHECK,
      constraint: 'account_keeps_its_floor',
    });
  });

  it('refuse a command without its batch', async () => {
    const stray = client.query(
      `insert into ledger.command (id, kind, content, content_sha256, batch, first_seq, transfer_count)
       values ($1, 'top-up', '{}', '', 99, 1, 0)`,
      [randomUUID()],
    );
    await expect(stray).rejects.toMatchObject({ code: OFF_THE_BOOKS });
  });

  it('refuse a second command, or account, of the same name', async () => {
    const account = client.query(
      `insert into ledger.account values (9, 'user:usr_a:wallet', 'user:usr_a', 'EUR', 'credit', 0, 0, 1)`,
    );
    await expect(account).rejects.toMatchObject({ code: UNIQUE });
  });

  it.each(
    ['transfer', 'command', 'batch', 'account', 'seal', 'chain'].flatMap((table) =>
      [`delete from ledger.${table}`, `truncate ledger.${table} cascade`].map((sql) => ({ sql })),
    ),
  )('are not granted to the service: $sql', async ({ sql }) => {
    await expect(service.query(sql)).rejects.toMatchObject({ code: NOT_GRANTED });
  });

  it.each([
    'update ledger.transfer set amount_minor = 1',
    `update ledger.command set content = '{}'`,
    'update ledger.batch set command_count = 2',
    'update ledger.seal set hash = root',
    'update ledger.chain set begins_at = 2',
    `update ledger.account set currency = 'USD'`,
    'update ledger.account set balance_minor = 1',
    'update ledger.head set batch = 7',
    'insert into ledger.transfer select * from ledger.transfer',
    'insert into ledger.command select * from ledger.command',
    'insert into ledger.batch select * from ledger.batch',
    'insert into ledger.account select * from ledger.account',
    'insert into ledger.seal select * from ledger.seal',
    'update ledger.account set floor_minor = null',
    'delete from ledger.head',
    'insert into ledger.head select 2, 0, 0, 0, now()',
    'select * from orders.payment_order',
  ])('are not granted to the service: %s', async (sql) => {
    await expect(service.query(sql)).rejects.toMatchObject({ code: NOT_GRANTED });
  });

  it.each(
    ['transfer', 'command', 'batch', 'account'].flatMap((table) => [
      ...(table === 'account'
        ? []
        : [
            {
              sql: `update ledger.${table} set ${table === 'batch' ? 'at = at' : 'batch = batch'}`,
            },
          ]),
      { sql: `delete from ledger.${table}` },
      { sql: `truncate ledger.${table} cascade` },
    ]),
  )('refuse even the administrator: $sql', async ({ sql }) => {
    const admin = new pg.Client({ connectionString: db.adminUrl });
    await admin.connect();
    // What the open transaction wrote keeps locks that a truncate would wait for.
    await client.query('rollback');
    try {
      await expect(admin.query(sql)).rejects.toMatchObject({ code: APPEND_ONLY });
    } finally {
      await admin.end();
    }
  });
});
