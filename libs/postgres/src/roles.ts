import { createHmac } from 'node:crypto';
import pg from 'pg';
import { invariant } from '@stuiver/errors';

/** Each schema has one role, and that role can touch no other schema. */
export const SERVICE_SCHEMAS = {
  orders: 'stuiver_order',
  people: 'stuiver_people',
  ledger: 'stuiver_ledger',
  payout: 'stuiver_payout',
  bus: 'stuiver_bus',
} as const;

export type ServiceSchema = keyof typeof SERVICE_SCHEMAS;

const PREPARE_LOCK = 7_316_001;

/**
 * The address at which a schema's role connects. Its password follows from the administrator's, so there is no second
 * secret to store, and a restore of the database needs none either.
 */
export function roleUrl(adminUrl: string, schema: ServiceSchema): string {
  const url = new URL(adminUrl);
  const role = SERVICE_SCHEMAS[schema];
  url.password = rolePassword(decodeURIComponent(url.password), role);
  url.username = role;
  return url.href;
}

function rolePassword(adminPassword: string, role: string): string {
  return createHmac('sha256', adminPassword).update(`stuiver role ${role}`).digest('base64url');
}

/** Creates roles and schemas where they are missing. Safe to repeat, also by two processes at once. */
export async function prepareDatabase(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [PREPARE_LOCK]);
    for (const [schema, role] of Object.entries(SERVICE_SCHEMAS)) {
      await prepareSchema(client, { adminUrl, schema, role });
    }
    await client.query('commit');
  } finally {
    await client.end();
  }
}

async function prepareSchema(
  client: pg.Client,
  names: { adminUrl: string; schema: string; role: string },
): Promise<void> {
  const { schema, role } = names;
  invariant(/^[a-z_]+$/.test(schema + role), 'schema and role names are ours, not input');
  await prepareRole(client, names.adminUrl, role);
  await client.query(`create schema if not exists ${schema}`);
  await client.query(`grant usage on schema ${schema} to ${role}`);
}

/** Roles belong to the whole server: one that can log in already is left alone, so many databases may share it. */
async function prepareRole(client: pg.Client, adminUrl: string, role: string): Promise<void> {
  const password = rolePassword(decodeURIComponent(new URL(adminUrl).password), role);
  const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [role]);
  if (rowCount === 1 && (await canLogIn(adminUrl, role, password))) return;
  const verb = rowCount === 0 ? 'create' : 'alter';
  // base64url: no quote to escape.
  await client.query(`${verb} role ${role} login password '${password}'`);
}

async function canLogIn(adminUrl: string, role: string, password: string): Promise<boolean> {
  const url = new URL(adminUrl);
  url.username = role;
  url.password = password;
  const client = new pg.Client({ connectionString: url.href });
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
}
