import { spawn } from 'node:child_process';
import pg from 'pg';
import type { ChildPlan } from './child.js';
import type { ChildProcess } from './world.js';

/** Starts a built program with a plan; what it says on standard error is ours to see. */
export function spawnChild(program: string, plan: ChildPlan): ChildProcess {
  const child = spawn(process.execPath, [program, JSON.stringify(plan)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise<void>((resolve) =>
    child.once('exit', () => {
      resolve();
    }),
  );
  return {
    ended,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** The table in which the facts book their effects. @param adminUrl of a database that is migrated. */
export async function makeEffects(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(`
      create table orders.conformance_effect (
        number   bigint generated always as identity primary key,
        consumer text   not null,
        subject  text   not null,
        said     text   not null
      );
      grant select, insert on orders.conformance_effect to stuiver_order;`);
  } finally {
    await client.end();
  }
}
