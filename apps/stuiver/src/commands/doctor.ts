import { access, constants, mkdir } from 'node:fs/promises';
import pg from 'pg';
import { findBinaries } from '@stuiver/postgres';
import { type Config, describeConfig, readConfig, readLiveFacts } from '../config.js';
import { liveObjections } from '../live-objections.js';
import { canListen } from '../run/children.js';
import type { Command } from './command.js';

interface Finding {
  readonly ok: boolean;
  readonly what: string;
  /** What to do, when it is not well. */
  readonly fix?: string;
}

const NODE_MIN = [20, 19] as const;
const POSTGRES_MIN = 15;

/** `stuiver doctor`: looks at everything a start needs; each line that is not well says how to mend it. */
export const doctorCommand: Command = {
  words: ['doctor'],
  usage:
    '[--live]  checks versions, ports, database and settings; or what stands before real money',
  run: async (args) => {
    if (args[0] === '--live') return liveReport();
    const config = readConfig(process.env);
    const findings = [
      nodeVersion(),
      await dataFolder(config),
      await database(config),
      ...(await Promise.all([
        port('PORT', config.port),
        port('SANDBOX_PORT', config.sandboxPort),
        port('DEMO_PORT', config.demoPort),
      ])),
    ];
    for (const finding of findings) print(finding);
    process.stdout.write('\nsettings\n');
    for (const { name, meaning } of describeConfig()) {
      const given = process.env[name] === undefined ? '' : ' (set)';
      process.stdout.write(`  ${name.padEnd(28)} ${meaning}${given}\n`);
    }
    return findings.every(({ ok }) => ok) ? 0 : 1;
  },
};

/** Everything that stands before real money, each with its fix; 0 when nothing does. */
function liveReport(): number {
  const objections = liveObjections(readLiveFacts(process.env));
  for (const { what, fix } of objections) print({ ok: false, what, fix });
  const end = objections.length === 0 ? 'ready for STUIVER_MONEY=live' : 'not ready to go live';
  process.stdout.write(`${end}\n`);
  return objections.length === 0 ? 0 : 1;
}

function print({ ok, what, fix }: Finding): void {
  process.stdout.write(
    `${ok ? 'ok  ' : 'bad '} ${what}${ok || fix === undefined ? '' : ` — ${fix}`}\n`,
  );
}

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const ok = major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1]);
  return {
    ok,
    what: `Node ${process.versions.node}`,
    fix: `install Node ${NODE_MIN.join('.')} or newer`,
  };
}

async function dataFolder({ dataDir }: Config): Promise<Finding> {
  const ok = await mkdir(dataDir, { recursive: true, mode: 0o700 })
    .then(() => access(dataDir, constants.W_OK))
    .then(
      () => true,
      () => false,
    );
  return { ok, what: `data folder ${dataDir}`, fix: 'make it writable, or set STUIVER_DATA_DIR' };
}

async function database(config: Config): Promise<Finding> {
  if (config.databaseUrl !== undefined) return externalDatabase(config.databaseUrl);
  return findBinaries().then(
    () => ({ ok: true, what: 'PostgreSQL that came with npm' }),
    (error: unknown) => ({ ok: false, what: 'PostgreSQL that came with npm', fix: String(error) }),
  );
}

async function externalDatabase(url: string): Promise<Finding> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ version: number; roles: boolean; databases: boolean }>(
      `select current_setting('server_version_num')::int / 10000 as version,
              rolcreaterole or rolsuper as roles, rolcreatedb or rolsuper as databases
       from pg_roles where rolname = current_user`,
    );
    const found = rows[0] ?? { version: 0, roles: false, databases: false };
    const what = `PostgreSQL ${String(found.version)} at DATABASE_URL`;
    if (found.version < POSTGRES_MIN) return { ok: false, what, fix: 'use version 15 or newer' };
    if (!found.roles || !found.databases) {
      return { ok: false, what, fix: 'its role needs CREATEROLE and CREATEDB' };
    }
    return { ok: true, what };
  } catch (error) {
    return { ok: false, what: 'PostgreSQL at DATABASE_URL', fix: String(error) };
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function port(name: string, number: number): Promise<Finding> {
  return {
    ok: await canListen(number),
    what: `${name} ${String(number)} is free`,
    fix: `stop what uses it (a running Stuiver does) or set ${name}`,
  };
}
