import { SilentLog } from '@stuiver/ports';
import { type Database, openDatabase, startEmbeddedPostgres } from '@stuiver/postgres';

const POOL_MAX = 2;

/** The product's database while it runs on its own PostgreSQL, which is joined and left running. */
export async function joinDatabase(dataDir: string): Promise<Database> {
  const server = await startEmbeddedPostgres({ dataDir, log: new SilentLog() });
  const url = await server.databaseUrl('stuiver');
  return openDatabase({ url, applicationName: 'a test', poolMax: POOL_MAX });
}
