import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '@stuiver/testing';
import type { Database } from './database.js';
import { SERVICE_SCHEMAS, type ServiceSchema } from './roles.js';

const SCHEMAS = Object.keys(SERVICE_SCHEMAS) as ServiceSchema[];
const PAIRS = SCHEMAS.flatMap((own) =>
  SCHEMAS.filter((other) => other !== own).map((other) => [own, other] as const),
);

describe('the role of a service', () => {
  let db: TestDatabase;
  const opened = new Map<ServiceSchema, Database>();
  beforeAll(async () => {
    db = await testDatabase();
    for (const schema of SCHEMAS) opened.set(schema, await db.open(schema));
  });
  afterAll(() => db.close());

  const as = (schema: ServiceSchema): Database => {
    const database = opened.get(schema);
    if (database === undefined) throw new Error(`no database as ${schema}`);
    return database;
  };
  const tablesOf = async (schema: ServiceSchema): Promise<string[]> => {
    const rows = await as(schema).query<{ relname: string }>(
      `select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = $1 and c.relkind in ('r', 'p')`,
      [schema],
    );
    return rows.map(({ relname }) => relname);
  };

  it.each(PAIRS)('%s reads no table of %s', async (own, other) => {
    const tables = await tablesOf(other);
    expect(tables.length).toBeGreaterThan(1);
    for (const table of tables) {
      const asked = as(own).query(`select 1 from ${other}.${table} limit 1`);
      await expect(asked).rejects.toThrow(/permission denied/);
    }
  });

  it.each(SCHEMAS)('%s creates nothing, anywhere', async (own) => {
    for (const schema of [...SCHEMAS, 'public']) {
      const made = as(own).query(`create table ${schema}.intruder (id int)`);
      await expect(made).rejects.toThrow(/permission denied/);
    }
    await expect(as(own).query('create role intruder')).rejects.toThrow(/permission denied/);
  });
});
