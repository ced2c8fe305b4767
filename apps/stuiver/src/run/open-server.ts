import type { Log } from '@stuiver/ports';
import { ensureDatabase, startEmbeddedPostgres } from '@stuiver/postgres';
import type { Config } from '../config.js';
import type { Undo } from './running.js';

/** The PSP sandbox's own, on the same server. */
export const SANDBOX_DATABASE = 'stuiver_psp_sandbox';

/** Our own PostgreSQL, or the one that DATABASE_URL names. The PSP sandbox gets a database of its own there. */
export async function openServer(
  config: Config,
  log: Log,
  undo: Undo,
): Promise<{ adminUrl: string; sandboxUrl: string }> {
  if (config.databaseUrl !== undefined) {
    const adminUrl = config.databaseUrl;
    return { adminUrl, sandboxUrl: await ensureDatabase(adminUrl, SANDBOX_DATABASE) };
  }
  const postgres = await startEmbeddedPostgres({ dataDir: config.dataDir, log });
  undo.push(() => postgres.stop());
  return {
    adminUrl: await postgres.databaseUrl('stuiver'),
    sandboxUrl: await postgres.databaseUrl(SANDBOX_DATABASE),
  };
}
