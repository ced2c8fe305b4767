import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import pg from 'pg';
import { errorCode, invariant } from '@stuiver/errors';
import type { ServiceSchema } from './roles.js';

export interface MigrateOptions {
  readonly adminUrl: string;
  readonly schema: ServiceSchema;
  /** A folder of steps `NNNN-name/up.sql`; `before.sql` and `after.sql` may assert around a step. */
  readonly folder: URL;
}

interface Step {
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

const MIGRATE_LOCK = 7_316_002;

/**
 * Brings a schema forward, each step in its own transaction. A step that ran is never run again; one whose text
 * changed afterwards stops the start.
 *
 * @returns the names of the steps that ran now.
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const { schema } = options;
  const steps = await readSteps(options.folder);
  const client = new pg.Client({ connectionString: options.adminUrl });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATE_LOCK]);
    await client.query(
      `create table if not exists ${schema}.migration (
         name text primary key, sha256 text not null, applied_at timestamptz not null default now())`,
    );
    const { rows } = await client.query<{ name: string; sha256: string }>(
      `select name, sha256 from ${schema}.migration`,
    );
    const applied = new Map(rows.map((row) => [row.name, row.sha256]));
    const ran: string[] = [];
    for (const step of steps) {
      if (isApplied(applied, step, schema)) continue;
      await apply(client, schema, step);
      ran.push(step.name);
    }
    return ran;
  } finally {
    await client.end();
  }
}

function isApplied(applied: ReadonlyMap<string, string>, step: Step, schema: string): boolean {
  const before = applied.get(step.name);
  if (before === undefined) return false;
  invariant(before === step.sha256, `migration ${schema}/${step.name} is not changed after it ran`);
  return true;
}

async function apply(client: pg.Client, schema: string, step: Step): Promise<void> {
  await client.query('begin');
  try {
    await client.query(step.sql);
    await client.query(`insert into ${schema}.migration (name, sha256) values ($1, $2)`, [
      step.name,
      step.sha256,
    ]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new Error(`migration ${schema}/${step.name} failed`, { cause: error });
  }
}

async function readSteps(folder: URL): Promise<Step[]> {
  const root = fileURLToPath(folder);
  const names = (await readdir(root, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return Promise.all(names.map((name) => readStep(root, name)));
}

async function readStep(root: string, name: string): Promise<Step> {
  const parts: string[] = [];
  for (const file of ['before.sql', 'up.sql', 'after.sql']) {
    parts.push(await readFile(join(root, name, file), 'utf8').catch(emptyWhenAbsent));
  }
  const sql = parts.join('\n');
  return { name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
}

function emptyWhenAbsent(error: unknown): string {
  if (errorCode(error) === 'ENOENT') return '';
  throw error;
}
