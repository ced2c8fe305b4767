import fastify from 'fastify';
import pg from 'pg';
import { type Clock, SystemClock } from '@stuiver/ports';
import { randomBytes } from 'node:crypto';
import { openAccounts } from './bank/accounts.js';
import { bankRoutes } from './bank/routes.js';
import { setupPages } from './account-links.js';
import { bankPages } from './bank-page.js';
import { fieldsPages } from './fields/pages.js';
import type { SandboxConfig } from './config.js';
import { SandboxDays } from './days.js';
import { Faults } from './faults.js';
import { IdempotentCalls } from './idempotency.js';
import { SandboxClock } from './sandbox-clock.js';
import { NOBODY, Objects, prepareStore, type Run } from './store.js';
import { apiRoutes } from './api-routes.js';
import type { PspTerms } from './terms.js';
import { testDoors } from './test-doors.js';
import { keptEndpoints } from './webhook-endpoints.js';
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
  await openAccounts(pool, config.bank);
  const real = new SystemClock();
  const clock = new SandboxClock(real);
  await clock.remember(pool);
  const configured = config.webhooks.map((one) => ({ ...one, address: one.url, apiVersion: null }));
  const sender = new WebhookSender(pool, real, [...configured, ...(await keptEndpoints(pool))]);
  const run = transactions(pool, { clock, sender, terms: config.psp });
  const days = new SandboxDays({ pool, clock, run, bank: config.bank });
  const faults = new Faults();
  const server = fastify({
    forceCloseConnections: true,
    genReqId: () => `req_${randomBytes(8).toString('hex')}`,
  });
  let pages = new URL(config.publicUrl ?? 'http://127.0.0.1');
  const calls = new IdempotentCalls(run, faults);
  const context = { run, calls, faults, sender, days, pages: () => pages };
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    done(null, body);
  });
  apiRoutes(server, context);
  bankPages(server, context);
  fieldsPages(server);
  setupPages(server, context);
  testDoors(server, context);
  bankRoutes(server, context);
  // Who asks us sees no day that should have ended.
  await days.start();
  const url = await server.listen({ port: config.port, host: '127.0.0.1' });
  if (config.publicUrl === undefined) pages = new URL(url);
  await sender.start();
  return {
    url,
    close: async () => {
      faults.clear();
      await server.close();
      await days.stop();
      await sender.stop();
      await pool.end();
    },
  };
}

/** One transaction; whoever is told of something new is told at once. */
function transactions(
  pool: pg.Pool,
  tools: { clock: Clock; sender: WebhookSender; terms: PspTerms },
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
      const afterwards: (() => Promise<void>)[] = [];
      const hearers = () => tools.sender.hearers;
      const result = await work(new Objects(client, { ...tools, caller, hearers, afterwards }));
      await client.query('commit');
      for (const act of afterwards) await act();
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
