// A consumer over PostgreSQL in a process of its own, started by the conformance suite.
import { SilentLog } from '@stuiver/ports';
import { openDatabase } from '@stuiver/postgres';
import { PostgresBus } from '../postgres-bus.js';
import { runChild } from './child.js';

await runChild(process.argv[2], async ({ busUrl }) => {
  const { pool } = await openDatabase({ url: busUrl, applicationName: 'bus child', poolMax: 8 });
  return new PostgresBus({ pool, log: new SilentLog() });
});
