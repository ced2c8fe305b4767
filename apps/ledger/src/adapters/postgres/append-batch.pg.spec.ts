import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { testDatabase } from '@stuiver/testing';

const NOT_SEALED = 'LB005';

describe('ledger.append_batch', () => {
  const PARAMETERS = Array.from({ length: 28 }, (_, index) => `$${String(index + 1)}`).join(', ');

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
      each(() => before + 1),
      each(() => -10),
      each(() => before + 1),
      each(() => 10),
      each(() => '2030-01-01T00:00:00Z'),
      null,
    ];
  }

  async function withAccounts(work: (client: pg.Client) => Promise<void>): Promise<void> {
    const db = await testDatabase();
    const client = new pg.Client({ connectionString: db.url('ledger') });
    const admin = new pg.Client({ connectionString: db.adminUrl });
    await Promise.all([client.connect(), admin.connect()]);
    try {
      await admin.query(
        `insert into ledger.account select n, 'loss:l' || n, 'operator', 'EUR', 'credit', null, 0, 1 from generate_series(1, 4000) n`,
      );
      await admin.query('update ledger.head set last_account = 4000');
      await work(client);
    } finally {
      await Promise.all([client.end(), admin.end()]);
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
      await client.query('begin');
      expect(await append(client, batchOf(2, { head: 7 }))).toBe('moved');
      expect(await append(client, batch)).toBe('appended');
      expect(await append(client, batch)).toBe('known');
      expect(await append(client, batchOf(2, { head: 0 }))).toBe('moved');
      const { rows } = await client.query('select count(*)::int as transfers from ledger.transfer');
      expect(rows).toEqual([{ transfers: 2 }]);
      await client.query('rollback');
    });
  });

  it('writes nothing that is not sealed with it', async () => {
    await withAccounts(async (client) => {
      await expect(append(client, batchOf(2, { head: 0 }))).rejects.toMatchObject({
        code: NOT_SEALED,
      });
      await client.query('begin');
      await append(client, batchOf(2, { head: 0 }));
      const seal = ['appended', Buffer.alloc(32), Buffer.alloc(32), Buffer.alloc(32)];
      await expect(
        client.query('select ledger.seal_batch($1, $2, $3, $4, $4, $4)', seal),
      ).rejects.toMatchObject({ code: NOT_SEALED });
      await client.query('rollback');
      const { rows } = await client.query('select count(*)::int as batches from ledger.batch');
      expect(rows).toEqual([{ batches: 0 }]);
    });
  });

  it('fails whole when an account is not where the batch was decided', async () => {
    await withAccounts(async (client) => {
      await expect(append(client, batchOf(2, { head: 0, before: 5 }))).rejects.toMatchObject({
        code: 'LB003',
      });
      const { rows } = await client.query('select batch::int from ledger.head');
      expect(rows).toEqual([{ batch: 0 }]);
    });
  });
});
