import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { SilentLog } from '@stuiver/ports';
import { roleUrl, type ServiceSchema, startEmbeddedPostgres } from '@stuiver/postgres';
import { migrateAll } from './test-database.js';

/** A PostgreSQL server of one's own: it may be killed. */
export interface OwnServer {
  /** Its first line is the process id of the postmaster. */
  readonly pidFile: string;
  /** A database of its own, with every service's schema, migrated, empty. */
  database(): Promise<OwnDatabase>;
  /** Starts it again at the same address after it was killed, and waits until it has recovered. */
  startAgain(): Promise<void>;
  dispose(): Promise<void>;
}

export interface OwnDatabase {
  url(schema: ServiceSchema): string;
  /** As administrator, on a connection of its own. @throws Error while the server is away. */
  ask<Row extends pg.QueryResultRow>(sql: string): Promise<readonly Row[]>;
}

export async function ownServer(): Promise<OwnServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'stuiver-own-server-'));
  const log = new SilentLog();
  let server = await startEmbeddedPostgres({ dataDir, log });
  const { port } = server;
  return {
    pidFile: join(dataDir, 'postgres', 'data', 'postmaster.pid'),
    database: async () => {
      const adminUrl = await server.databaseUrl(`own_${randomBytes(8).toString('hex')}`);
      await migrateAll(adminUrl);
      return {
        url: (schema) => roleUrl(adminUrl, schema),
        ask: (sql) => ask(adminUrl, sql),
      };
    },
    startAgain: async () => {
      server = await startEmbeddedPostgres({ dataDir, log, port });
    },
    dispose: async () => {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function ask<Row extends pg.QueryResultRow>(
  connectionString: string,
  sql: string,
): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString });
  // Said again by the query that is under way.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}
