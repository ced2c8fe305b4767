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
    (1, 'psp:stripe:balance', 'operator', 'EUR', 'debit', null, 500, 1),
    (2, 'user:usr_a:wallet', 'user:usr_a', 'EUR', 'credit', 0, 500, 1);`;

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

describe('the tables of the ledger, as the role of the ledger', () => {
  let db: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    db = await testDatabase();
    client = new pg.Client({ connectionString: db.url('ledger') });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
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
    ['transfer', 'command', 'batch', 'account'].flatMap((table) =>
      [`delete from ledger.${table}`, `truncate ledger.${table} cascade`].map((sql) => ({ sql })),
    ),
  )('are not granted: $sql', async ({ sql }) => {
    await expect(client.query(sql)).rejects.toMatchObject({ code: NOT_GRANTED });
  });

  it.each([
    'update ledger.transfer set amount_minor = 1',
    `update ledger.command set content = '{}'`,
    'update ledger.batch set command_count = 2',
    `update ledger.account set currency = 'USD'`,
    'update ledger.account set floor_minor = null',
    'delete from ledger.head',
    'insert into ledger.head select 2, 0, 0, 0, now()',
    'select * from orders.payment_order',
  ])('are not granted: %s', async (sql) => {
    await expect(client.query(sql)).rejects.toMatchObject({ code: NOT_GRANTED });
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

describe('ledger.append_batch', () => {
  const PARAMETERS = Array.from({ length: 34 }, (_, index) => `$${String(index + 1)}`).join(', ');

  /** `count` payments between accounts that exist, on top of head `head`. */
  function batchOf(
    count: number,
    { head, before = 1 }: { head: number; before?: number },
  ): (string | null)[] {
    const numbers = Array.from({ length: count }, (_, index) => index + 1);
    const each = (value: (n: number) => string | number): string =>
      `{${numbers.map(value).join(',')}}`;
    const ids = numbers.map(() => randomUUID());
    const id = (n: number): string => ids[n - 1] ?? '';
    const sides = numbers.flatMap((n) => [2 * n - 1, 2 * n]);
    const both = (value: (account: number) => number): string => `{${sides.map(value).join(',')}}`;
    return [
      String(head),
      '2030-01-01T00:00:00Z',
      String(count),
      '4000',
      '{}',
      '{}',
      '{}',
      '{}',
      '{}',
      '{}',
      '{}',
      '{}',
      both((account) => account),
      both(() => before),
      both(() => 2),
      both((account) => (account % 2 === 0 ? 10 : -10)),
      each(id),
      each(() => 'top-up'),
      numbers.map(() => '{}').join('\n'),
      each((n) => n),
      each(() => 1),
      numbers.map(() => '').join('\n'),
      each(id),
      each(() => 'top-up'),
      each((n) => 2 * n - 1),
      each((n) => 2 * n),
      each(() => 10),
      each(() => 'EUR'),
      each(() => 2),
      each(() => -10),
      each(() => 2),
      each(() => 10),
      each(() => '2030-01-01T00:00:00Z'),
      null,
    ];
  }

  async function withAccounts(work: (client: pg.Client) => Promise<void>): Promise<void> {
    const db = await testDatabase();
    const client = new pg.Client({ connectionString: db.url('ledger') });
    await client.connect();
    try {
      await client.query(
        `insert into ledger.account select n, 'loss:l' || n, 'operator', 'EUR', 'credit', null, 0, 1 from generate_series(1, 4000) n`,
      );
      await client.query('update ledger.head set last_account = 4000');
      await work(client);
    } finally {
      await client.end();
      await db.close();
    }
  }

  const append = async (
    client: pg.Client,
    parameters: readonly (string | null)[],
  ): Promise<unknown> => {
    const { rows } = await client.query<{ outcome: string }>(
      `select ledger.append_batch(${PARAMETERS}) as outcome`,
      [...parameters],
    );
    return rows[0]?.outcome;
  };

  it('finds accounts and commands by their keys, however large the batch', async () => {
    await withAccounts(async (client) => {
      await client.query('begin');
      expect(await append(client, batchOf(512, { head: 0 }))).toBe('appended');
      const { rows } = await client.query(
        `select relname, seq_scan::int from pg_stat_xact_user_tables
         where schemaname = 'ledger' and relname in ('account', 'command', 'transfer') order by relname`,
      );
      expect(rows).toEqual([
        { relname: 'account', seq_scan: 0 },
        { relname: 'command', seq_scan: 0 },
        { relname: 'transfer', seq_scan: 0 },
      ]);
      await client.query('rollback');
    });
  });

  it('writes nothing when the head has moved, or an id is used', async () => {
    await withAccounts(async (client) => {
      const batch = batchOf(2, { head: 0 });
      expect(await append(client, batchOf(2, { head: 7 }))).toBe('moved');
      expect(await append(client, batch)).toBe('appended');
      expect(await append(client, batch)).toBe('known');
      expect(await append(client, batchOf(2, { head: 0 }))).toBe('moved');
      const { rows } = await client.query('select count(*)::int as transfers from ledger.transfer');
      expect(rows).toEqual([{ transfers: 2 }]);
    });
  });

  it('fails whole when an account is not where the batch was decided', async () => {
    await withAccounts(async (client) => {
      await expect(append(client, batchOf(2, { head: 0, before: 5 }))).rejects.toMatchObject({
        code: 'LB001',
      });
      const { rows } = await client.query('select batch::int from ledger.head');
      expect(rows).toEqual([{ batch: 0 }]);
    });
  });
});
