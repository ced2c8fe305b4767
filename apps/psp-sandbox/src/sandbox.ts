import fastify from 'fastify';
import pg from 'pg';
import { type Clock, SystemClock } from '@stuiver/ports';
import { randomBytes } from 'node:crypto';
import { bankPages } from './bank-page.js';
import type { SandboxConfig } from './config.js';
import { Faults } from './faults.js';
import { IdempotentCalls } from './idempotency.js';
import { NOBODY, Objects, prepareStore, type Run } from './store.js';
import { apiRoutes } from './api-routes.js';
import { testDoors } from './test-doors.js';
import { WebhookSender } from './webhook-sender.js';

export interface PspSandbox {
  readonly url: string;
  close(): Promise<void>;
}

const POOL_MAX = 8;
/** Whoever waits longer for an object that another call holds is told to come back. */
const LOCK_MS_MAX = 2_000;

/** Speaks Stripe's wire over its own database; a kill forgets nothing. */
export async function startPspSandbox(config: SandboxConfig): Promise<PspSandbox> {
  const pool = new pg.Pool({
    connectionString: config.databaseUrl,
    max: POOL_MAX,
    lock_timeout: LOCK_MS_MAX,
  });
  pool.on('error', () => undefined);
  await prepareStore(pool);
  const clock = new SystemClock();
  const sender = new WebhookSender(pool, clock, config.webhooks);
  const run = transactions(pool, { clock, sender, urls: config.webhooks.map(({ url }) => url) });
  const faults = new Faults();
  const server = fastify({
    forceCloseConnections: true,
    genReqId: () => `req_${randomBytes(8).toString('hex')}`,
  });
  let pages = new URL(config.publicUrl ?? 'http://127.0.0.1');
  const calls = new IdempotentCalls(run, faults);
  const context = { run, calls, faults, sender, pages: () => pages };
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    done(null, body);
  });
  apiRoutes(server, context);
  bankPages(server, context);
  testDoors(server, context);
  const url = await server.listen({ port: config.port, host: '127.0.0.1' });
  if (config.publicUrl === undefined) pages = new URL(url);
  await sender.start();
  return {
    url,
    close: async () => {
      await server.close();
      await sender.stop();
      await pool.end();
    },
  };
}

/** One transaction; whoever is told of something new is told at once. */
function transactions(
  pool: pg.Pool,
  tools: { clock: Clock; sender: WebhookSender; urls: readonly string[] },
): Run {
  return async (work, caller = NOBODY) => {
    const client = await pool.connect();
    let broken = false;
    // Without a listener a connection that breaks ends the process; the next query tells whoever waits.
    const note = (): void => {
      broken = true;
    };
    client.on('error', note);
    try {
      await client.query('begin');
      const result = await work(new Objects(client, tools.clock, tools.urls, caller));
      await client.query('commit');
      tools.sender.wake();
      return result;
    } catch (error) {
      await client.query('rollback').catch(note);
      throw error;
    } finally {
      client.off('error', note);
      client.release(broken);
    }
  };
}
