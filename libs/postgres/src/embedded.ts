import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { z } from 'zod';
import type { Log } from '@stuiver/ports';
import { ensureDatabase } from './ensure-database.js';
import { findBinaries, type PostgresBinaries } from './embedded-binaries.js';
import { unprivilegedWrapper, type Wrapper } from './unprivileged.js';

export interface EmbeddedPostgres {
  readonly pid: number;
  readonly port: number;
  /** The administrator's address of a database in this server; the database is created when it is missing. */
  databaseUrl(name: string): Promise<string>;
  /** Fast shutdown: open transactions roll back, everything committed is on disk. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** `{dataDir}/postgres` holds the cluster, its password file (0600) and its log. */
  readonly dataDir: string;
  readonly log: Log;
  /** Others already know this port; absent: a free one. A server that is adopted keeps its own. */
  readonly port?: number;
}

/** A killed server's children may hold the data this long; we wait for them rather than fail. */
const START_MS_MAX = 10_000;
const STOP_MS_MAX = 10_000;
const POLL_MS = 50;
const ADMIN = 'stuiver_admin';
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  // Two of each service, their relays, and a person who looks.
  max_connections: '200',
  shared_buffers: '128MB',
  // Under a relay and several loops, waking a parallel worker costs more than it brings.
  max_parallel_workers_per_gather: '0',
} as const;

const run = promisify(execFile);
const Secret = z.object({ password: z.string().min(20) });
interface Place {
  readonly home: string;
  readonly data: string;
  readonly secretFile: string;
}

/**
 * Starts the PostgreSQL that came with npm, on a free port of the loopback interface. A server that an earlier,
 * killed process left on the same data is adopted: there is never a second one.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const home = join(options.dataDir, 'postgres');
  const place = { home, data: join(home, 'data'), secretFile: join(home, 'secret.json') };
  await mkdir(home, { recursive: true, mode: 0o700 });
  const wrapper = await unprivilegedWrapper();
  const binaries = await findBinaries();
  const password = await initialise(place, { binaries, wrapper });
  const { log, port } = options;
  const server = await startOrAdopt({ place, password, binaries, wrapper, log, port });
  return {
    ...server,
    databaseUrl: (name) => ensureDatabase(urlOf(server.port, password, 'postgres'), name),
    stop: () => stopServer(server.pid),
  };
}

function urlOf(port: number, password: string, database: string): string {
  return `postgres://${ADMIN}:${password}@127.0.0.1:${String(port)}/${database}`;
}

interface Tools {
  readonly binaries: PostgresBinaries;
  readonly wrapper: Wrapper;
}

/** Makes the cluster once. A half-made one (killed meanwhile) has no secret file and is made anew. */
async function initialise(place: Place, tools: Tools): Promise<string> {
  const known = await readFile(place.secretFile, 'utf8').catch(() => undefined);
  if (known !== undefined) return Secret.parse(JSON.parse(known)).password;
  await rm(place.data, { recursive: true, force: true });
  const password = randomBytes(24).toString('base64url');
  const scratch = await mkdtemp(join(place.home, 'init-'));
  const passwordFile = join(scratch, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  await exec(tools.wrapper, tools.binaries.initdb, [
    `--pgdata=${place.data}`,
    `--username=${ADMIN}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
  ]);
  await writeFile(join(scratch, 'secret.json'), JSON.stringify({ password }), { mode: 0o600 });
  await rename(join(scratch, 'secret.json'), place.secretFile);
  await rm(scratch, { recursive: true, force: true });
  return password;
}

async function exec(wrapper: Wrapper, command: string, args: readonly string[]): Promise<void> {
  const [first, ...rest] = [...wrapper, command, ...args] as [string, ...string[]];
  await run(first, rest, { env: { ...process.env, LC_ALL: 'C' } });
}

interface Server {
  readonly pid: number;
  readonly port: number;
}

interface Starting {
  readonly place: Place;
  readonly password: string;
  readonly port: number | undefined;
}

async function startOrAdopt(context: Tools & Starting & { log: Log }): Promise<Server> {
  const { place, password, log } = context;
  const deadline = performance.now() + START_MS_MAX;
  let problem = 'it did not answer';
  while (performance.now() < deadline) {
    const left = await runningServer(place);
    if (left !== undefined && (await answers(urlOf(left.port, password, 'postgres')))) {
      log.info('embedded PostgreSQL adopted', { port: left.port });
      return left;
    }
    if (left === undefined) {
      const started = await spawnServer(context);
      if (typeof started !== 'string') return started;
      problem = started;
    }
    await pause(POLL_MS * 4);
  }
  throw new Error(
    `embedded PostgreSQL does not start: ${problem} (see ${join(place.home, 'log')})`,
  );
}

/** Starts one server and waits until it answers. @returns the server, or why it ended. */
async function spawnServer(context: Tools & Starting): Promise<Server | string> {
  const { place, password, wrapper, binaries } = context;
  const port = context.port ?? (await freePort());
  const logFile = await open(join(place.home, 'log'), 'a', 0o600);
  const settings = Object.entries({ ...SETTINGS, port: String(port) });
  const [first, ...rest] = [
    ...wrapper,
    binaries.postgres,
    ...['-D', place.data],
    ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ] as [string, ...string[]];
  // Detached and without pipes: our death must not end it in the middle of a write, and our drain needs it to the end.
  const child = spawn(first, rest, { detached: true, stdio: ['ignore', logFile.fd, logFile.fd] });
  await logFile.close();
  child.unref();
  let ended: string | undefined;
  child.once('exit', (code, signal) => (ended = `it ended with ${String(code ?? signal)}`));
  child.once('error', (error) => (ended = error.message));
  const deadline = performance.now() + START_MS_MAX;
  while (ended === undefined && performance.now() < deadline) {
    if (await answers(urlOf(port, password, 'postgres'))) return { pid: child.pid ?? 0, port };
    await pause(POLL_MS);
  }
  return ended ?? 'it did not answer';
}

/** What `postmaster.pid` says, when that process lives: line 1 the pid, line 4 the port. */
async function runningServer(place: Place): Promise<Server | undefined> {
  const text = await readFile(join(place.data, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const pid = Number.parseInt(lines[0] ?? '', 10);
  const port = Number.parseInt(lines[3] ?? '', 10);
  if (!Number.isInteger(pid) || !Number.isInteger(port)) return undefined;
  return isPostgresAlive(pid) ? { pid, port } : undefined;
}

function isPostgresAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function stopServer(pid: number): Promise<void> {
  const deadline = performance.now() + STOP_MS_MAX;
  try {
    process.kill(pid, 'SIGINT');
    while (performance.now() < deadline) {
      process.kill(pid, 0);
      await pause(POLL_MS);
    }
  } catch {
    return; // It is gone.
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no port'));
        else resolve(address.port);
      });
    });
  });
}
