import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, it } from '@jest/globals';
import pg, { type Pool } from 'pg';
import { SilentLog } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import { eventually, REPOSITORY_ROOT, testDatabase, type TestDatabase } from '@stuiver/testing';
import {
  BUS_FACTS,
  type BusLag,
  type BusWorld,
  type EventBus,
  makeEffects,
  PostgresBus,
  spawnChild,
  tracked,
} from './index.js';

const log = new SilentLog();
const CHILD = join(REPOSITORY_ROOT, 'libs/bus/dist/conformance/postgres-child.js');
const AWAY_MS = 3_000;
const FACT_MS_MAX = 120_000;

describe('the bus over PostgreSQL', () => {
  let db: TestDatabase;
  let database: Database;
  let store: Database;
  let leftovers: (() => Promise<void>)[];

  beforeAll(async () => {
    await promisify(execFile)(process.execPath, [join(REPOSITORY_ROOT, 'tools/build.mjs')]);
  }, FACT_MS_MAX);

  beforeEach(async () => {
    leftovers = [];
    db = await testDatabase();
    await makeEffects(db.adminUrl);
    database = await db.open('orders');
    store = await db.open('bus', { poolMax: 10 });
  });

  afterEach(async () => {
    await Promise.all(leftovers.map((end) => end()));
    await db.close();
  });

  function trackedBus(pool: Pool): EventBus & BusLag {
    const { bus, stopAll } = tracked(new PostgresBus({ pool, log }));
    leftovers.push(stopAll);
    return bus;
  }

  function world(): BusWorld {
    return {
      bus: trackedBus(store.pool),
      database,
      letters: store.pool,
      another: async () => {
        const other = await db.open('bus', { poolMax: 10 });
        // Its pool is closed with the database.
        return { ...trackedBus(other.pool), close: () => Promise.resolve() };
      },
      slip: async (subject, message) => {
        // The log keeps JSON only: what is not becomes a text.
        await store.query(
          `insert into bus.message (topic, subject, event_id, event) values ('stuiver.order', $1, gen_random_uuid(), $2)`,
          [subject, isJson(message) ? message : JSON.stringify(message)],
        );
      },
      outage: () => refuseConnections(db.adminUrl),
      outageMs: 0,
      spawn: (options) => {
        const urls = { effectsUrl: db.url('orders'), busUrl: db.url('bus'), brokers: [] };
        const child = spawnChild(CHILD, { ...options, ...urls });
        leftovers.push(() => child.kill());
        return child;
      },
    };
  }

  it.each([...BUS_FACTS])('$name', ({ prove }) => prove(world()), FACT_MS_MAX);
});

/** As while the server restarts: every connection is ended and none is let in. */
async function refuseConnections(adminUrl: string): Promise<void> {
  const url = new URL(adminUrl);
  const name = url.pathname.slice(1);
  url.pathname = '/postgres';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(`alter database ${name} with allow_connections false`);
    await client.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1',
      [name],
    );
    const back = performance.now() + AWAY_MS;
    await eventually('the time is over', () => performance.now() > back);
  } finally {
    await client.query(`alter database ${name} with allow_connections true`);
    await client.end();
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
