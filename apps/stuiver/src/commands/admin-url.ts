import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { SilentLog } from '@stuiver/ports';
import { startEmbeddedPostgres } from '@stuiver/postgres';
import { readConfig } from '../config.js';
import { CommandFailed } from './command.js';

const Running = z.object({ pid: z.number().int().positive() });

/** The database of DATABASE_URL, or that of the Stuiver that runs on the data folder. */
export async function adminUrl(): Promise<string> {
  const { databaseUrl, dataDir } = readConfig(process.env);
  if (databaseUrl !== undefined) return databaseUrl;
  const text = await readFile(join(dataDir, 'running.json'), 'utf8').catch(() => '{}');
  const running = Running.safeParse(JSON.parse(text));
  if (!running.success || !isAlive(running.data.pid)) {
    throw new CommandFailed(`no running Stuiver on ${dataDir}: start it first with "npm start"`);
  }
  // It runs, so its server is found and not started.
  const server = await startEmbeddedPostgres({ dataDir, log: new SilentLog() });
  return server.databaseUrl('stuiver');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
