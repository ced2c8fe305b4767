import fastify from 'fastify';
import pg from 'pg';
import { SystemClock } from '@stuiver/ports';
import { bankPages } from './bank-page.js';
import type { SandboxConfig } from './config.js';
import { Faults, faultDoors } from './faults.js';
import { IdempotentCalls } from './idempotency.js';
import { Objects, prepareStore } from './store.js';
import { apiRoutes } from './api-routes.js';
import { WebhookSender } from './webhook-sender.js';

export interface PspSandbox {
  readonly url: string;
  close(): Promise<void>;
}

const POOL_MAX = 8;

/** Speaks Stripe's wire over its own database; a kill forgets nothing. */
export async function startPspSandbox(config: SandboxConfig): Promise<PspSandbox> {
  const pool = new pg.Pool({ connectionString: config.databaseUrl, max: POOL_MAX });
  pool.on('error', () => undefined);
  await prepareStore(pool);
  const clock = new SystemClock();
  const sender = new WebhookSender(pool, clock, config.webhooks);
  const urls = config.webhooks.map(({ url }) => url);
  const faults = new Faults();

  /** One transaction; whoever is told of something new is told at once. */
  const run = async <T>(work: (objects: Objects) => Promise<T>): Promise<T> => {
    const client = await pool.connect();
    try {
      await client.query('begin');
      const result = await work(new Objects(client, clock, urls));
      await client.query('commit');
      sender.wake();
      return result;
    } catch (error) {
      await client.query('rollback');
      throw error;
    } finally {
      client.release();
    }
  };

  const server = fastify({ forceCloseConnections: true });
  let pages = new URL(config.publicUrl ?? 'http://127.0.0.1');
  const context = { run, calls: new IdempotentCalls(run), faults, pages: () => pages };
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    done(null, body);
  });
  apiRoutes(server, context);
  bankPages(server, context);
  faultDoors(server, faults);
  const url = await server.listen({ port: config.port, host: '127.0.0.1' });
  if (config.publicUrl === undefined) pages = new URL(url);
  sender.start();
  return {
    url,
    close: async () => {
      await server.close();
      await sender.stop();
      await pool.end();
    },
  };
}
