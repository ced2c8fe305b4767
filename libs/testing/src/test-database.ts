import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import type { MixedList } from 'typeorm';
import { SilentLog } from '@stuiver/ports';
import {
  type Database,
  migrate,
  openDatabase,
  prepareDatabase,
  roleUrl,
  type ServiceSchema,
  startEmbeddedPostgres,
} from '@stuiver/postgres';
import { REPOSITORY_ROOT } from './repository-root.js';

/** A real database of one's own: every service's schema, migrated, empty. */
export interface TestDatabase {
  /** As administrator, for looking behind the scenes. */
  readonly adminUrl: string;
  url(schema: ServiceSchema): string;
  /** As the service's own role; closed with the database. */
  open(
    schema: ServiceSchema,
    options?: { entities?: MixedList<new () => object>; poolMax?: number },
  ): Promise<Database>;
  close(): Promise<void>;
}

const MIGRATION_FOLDERS: readonly (readonly [ServiceSchema, string])[] = [
  ['orders', 'apps/order/migrations'],
  ['people', 'apps/order/people'],
  ['ledger', 'apps/ledger/migrations'],
  ['payout', 'apps/payout/migrations'],
  ['bus', 'libs/bus/migrations'],
];
/** Kept between runs: the second run starts in no time. */
const SERVER_HOME = join(REPOSITORY_ROOT, '.cache', 'test-postgres');
const LOCK_MS_MAX = 60_000;
const STALE_LOCK_MS = 60_000;
const TEST_POOL_MAX = 5;

/** Clones the migrated template on the test server: about 50 ms. */
export async function testDatabase(): Promise<TestDatabase> {
  const { serverUrl, template } = await migratedTemplate();
  const name = `test_${randomBytes(8).toString('hex')}`;
  await onServer(serverUrl, (client) =>
    client.query(`create database ${name} template ${template}`),
  );
  const adminUrl = withDatabase(serverUrl, name);
  const opened: Database[] = [];
  return {
    adminUrl,
    url: (schema) => roleUrl(adminUrl, schema),
    open: async (schema, options = {}) => {
      const database = await openDatabase({
        url: roleUrl(adminUrl, schema),
        applicationName: `test ${schema}`,
        poolMax: options.poolMax ?? TEST_POOL_MAX,
        ...(options.entities === undefined ? {} : { entities: options.entities }),
      });
      opened.push(database);
      return database;
    },
    close: async () => {
      await Promise.all(opened.map((database) => database.close()));
      await onServer(serverUrl, (client) => client.query(`drop database ${name} with (force)`));
    },
  };
}

/** An empty database on the same server, for what owns its whole database (the PSP sandbox). */
export async function emptyTestDatabase(): Promise<{ url: string; close(): Promise<void> }> {
  const serverUrl = await withServerLock(serverAddress);
  const name = `test_${randomBytes(8).toString('hex')}`;
  await onServer(serverUrl, (client) => client.query(`create database ${name}`));
  return {
    url: withDatabase(serverUrl, name),
    close: async () => {
      await onServer(serverUrl, (client) => client.query(`drop database ${name} with (force)`));
    },
  };
}

/** Ends the shared server; the next test starts it again. */
export async function stopTestServer(): Promise<void> {
  const server = await startEmbeddedPostgres({ dataDir: SERVER_HOME, log: new SilentLog() });
  await server.stop();
}

let template: Promise<{ serverUrl: string; template: string }> | undefined;

function migratedTemplate(): Promise<{ serverUrl: string; template: string }> {
  template ??= withServerLock(async () => {
    const serverUrl = await serverAddress();
    const name = `template_${await migrationsHash()}`;
    await onServer(serverUrl, async (client) => {
      const found = await client.query('select 1 from pg_database where datname = $1', [name]);
      if (found.rowCount === 1) return;
      const draft = `${name}_draft`;
      await client.query(`drop database if exists ${draft} with (force)`);
      await client.query(`create database ${draft}`);
      await migrateAll(withDatabase(serverUrl, draft));
      await client.query(`alter database ${draft} rename to ${name}`);
    });
    return { serverUrl, template: name };
  });
  return template;
}

/** Makes the services' roles and schemas. */
export async function migrateAll(adminUrl: string): Promise<void> {
  await prepareDatabase(adminUrl);
  for (const [schema, folder] of MIGRATION_FOLDERS) {
    const path = join(REPOSITORY_ROOT, folder, '/');
    if (await isThere(path)) await migrate({ adminUrl, schema, folder: pathToFileURL(path) });
  }
}

async function migrationsHash(): Promise<string> {
  const hash = createHash('sha256');
  for (const [, folder] of MIGRATION_FOLDERS) {
    const root = join(REPOSITORY_ROOT, folder);
    if (!(await isThere(root))) continue;
    const files = await readdir(root, { recursive: true });
    for (const file of files.filter((path) => path.endsWith('.sql')).sort()) {
      hash.update(file).update(await readFile(join(root, file)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}

async function serverAddress(): Promise<string> {
  const server = await startEmbeddedPostgres({ dataDir: SERVER_HOME, log: new SilentLog() });
  return server.databaseUrl('postgres');
}

/** Test workers are processes: only one of them may make the server or the template. */
async function withServerLock<T>(work: () => Promise<T>): Promise<T> {
  await mkdir(SERVER_HOME, { recursive: true });
  const path = join(SERVER_HOME, 'lock');
  const deadline = performance.now() + LOCK_MS_MAX;
  for (;;) {
    const handle = await open(path, 'wx').catch(() => undefined);
    if (handle !== undefined) {
      try {
        return await work();
      } finally {
        await handle.close();
        await rm(path, { force: true });
      }
    }
    if (performance.now() > deadline) throw new Error(`the test server stays locked: ${path}`);
    const age = await stat(path).then(
      (found) => Math.abs(performance.timeOrigin + performance.now() - found.mtimeMs),
      () => 0,
    );
    if (age > STALE_LOCK_MS) await rm(path, { force: true });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function onServer<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function withDatabase(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
