import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { SilentLog } from '@stuiver/ports';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './index.js';

const log = new SilentLog();

async function ask<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('the embedded PostgreSQL', () => {
  let dataDir: string;
  let server: EmbeddedPostgres;
  let url: string;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'stuiver-pg-'));
    server = await startEmbeddedPostgres({ dataDir, log });
    url = await server.databaseUrl('stuiver');
  }, 60_000);

  afterAll(async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const pidOf = async (): Promise<number> =>
    Number.parseInt(await readFile(join(dataDir, 'postgres/data/postmaster.pid'), 'utf8'), 10);

  it('speaks UTF-8 and asks for a password', async () => {
    expect(await ask(url, 'show server_encoding')).toEqual([{ server_encoding: 'UTF8' }]);
    const wrong = new URL(url);
    wrong.password = 'guess';
    await expect(ask(wrong.href, 'select 1')).rejects.toThrow('password');
  });

  it('keeps its password where only its owner reads it', async () => {
    const { mode } = await stat(join(dataDir, 'postgres/secret.json'));
    expect(mode & 0o777).toBe(0o600);
  });

  it('is adopted when it was left over: never a second one on the same data', async () => {
    const pid = await pidOf();
    const again = await startEmbeddedPostgres({ dataDir, log });
    expect(await again.databaseUrl('stuiver')).toBe(url);
    expect(await pidOf()).toBe(pid);
  });

  it('starts again after its postmaster was killed, with everything committed', async () => {
    await ask(url, 'create table kept (n int); insert into kept values (7)');
    process.kill(await pidOf(), 'SIGKILL');
    server = await startEmbeddedPostgres({ dataDir, log });
    url = await server.databaseUrl('stuiver');
    expect(await ask(url, 'select n from kept')).toEqual([{ n: 7 }]);
  }, 30_000);
});
