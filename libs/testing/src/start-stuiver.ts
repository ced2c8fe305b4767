import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.js';
import { REPOSITORY_ROOT } from './repository-root.js';

export interface DemoMerchant {
  readonly mchid: string;
  readonly appid: string;
  readonly app_secret: string;
  readonly api_v3_key: string;
  readonly serial_no: string;
  readonly platform_public_key_id: string;
  readonly platform_public_key: string;
  readonly base_url: string;
  readonly private_key: string;
  readonly certificate: string;
}

export interface DemoPayer {
  readonly name: string;
  readonly openid: string;
  readonly user_id: string;
  readonly wallet_minor: string;
  readonly token: string;
  readonly pin: string;
}

/** The whole product as its user starts it: real processes, real database, real sockets. */
export interface RunningStuiver {
  readonly dataDir: string;
  readonly apiUrl: string;
  readonly pagesUrl: string;
  readonly sandboxUrl: string;
  readonly cafeUrl: string;
  readonly readyLine: string;
  readonly pid: number;
  merchant(): Promise<DemoMerchant>;
  payers(): Promise<readonly DemoPayer[]>;
  operatorToken(): Promise<string>;
  /** What it and its children have said on standard error so far. */
  log(): string;
  /** Runs `stuiver <args>` against this one. */
  cli(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }>;
  /** As a power cut would: SIGKILL, nothing is drained. The data stays. */
  kill(): Promise<void>;
  /** Resolves when the process has ended by itself (a crash point). */
  ended(): Promise<void>;
  /** SIGTERM, waits for the end. @returns the exit code. */
  stop(): Promise<number | null>;
  /** Stops it if it runs and removes its data. */
  dispose(): Promise<void>;
}

export interface StartOptions {
  /** Carries on with the data (and the ports) of an earlier one. */
  readonly after?: RunningStuiver;
  readonly environment?: Readonly<Record<string, string>>;
}

const READY_MS_MAX = { embedded: 60_000, cluster: 180_000 } as const;
const BIN = join(REPOSITORY_ROOT, 'apps/stuiver/bin/stuiver.js');

export async function startStuiver(options: StartOptions = {}): Promise<RunningStuiver> {
  const { after } = options;
  const dataDir = after?.dataDir ?? (await mkdtemp(join(tmpdir(), 'stuiver-')));
  const ports = after === undefined ? await freePorts() : portsOf(after);
  const environment: NodeJS.ProcessEnv = { ...process.env };
  // What Jest runs with is not the product's.
  delete environment['NODE_OPTIONS'];
  Object.assign(environment, {
    STUIVER_DATA_DIR: dataDir,
    PORT: String(ports.api),
    SANDBOX_PORT: String(ports.sandbox),
    DEMO_PORT: String(ports.cafe),
    ...options.environment,
  });
  const child = spawn(process.execPath, [BIN, 'start'], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const heard = listenTo(child);
  const readyLine = await eventually(
    'Stuiver says that it is ready',
    () => {
      if (child.exitCode !== null || child.signalCode !== null) {
        throw new Error(`Stuiver ended before it was ready: ${heard.stderr()}`);
      }
      return heard
        .stdout()
        .split('\n')
        .find((line) => line.startsWith('Stuiver is ready'));
    },
    READY_MS_MAX[environment['STUIVER_MODE'] === 'cluster' ? 'cluster' : 'embedded'],
  );
  return describe({ child, dataDir, ports, environment, readyLine, log: () => heard.stderr() });
}

interface Ports {
  readonly api: number;
  readonly sandbox: number;
  readonly cafe: number;
}

function describe(run: {
  child: ChildProcess;
  dataDir: string;
  ports: Ports;
  environment: NodeJS.ProcessEnv;
  readyLine: string;
  log: () => string;
}): RunningStuiver {
  const { child, dataDir, ports, environment } = run;
  const gone = new Promise<void>((resolve) =>
    child.once('exit', () => {
      resolve();
    }),
  );
  const isGone = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (isGone()) return;
    child.kill(signal);
    await gone;
  };
  const read = (path: string): Promise<string> => readFile(join(dataDir, path), 'utf8');
  return {
    dataDir,
    apiUrl: `http://127.0.0.1:${String(ports.api)}`,
    pagesUrl: `http://localhost:${String(ports.api)}`,
    sandboxUrl: `http://127.0.0.1:${String(ports.sandbox)}`,
    cafeUrl: `http://127.0.0.1:${String(ports.cafe)}`,
    readyLine: run.readyLine,
    pid: child.pid ?? 0,
    merchant: async () => ({
      ...(JSON.parse(await read('demo/merchant/merchant.json')) as DemoMerchant),
      private_key: await read('demo/merchant/apiclient_key.pem'),
      certificate: await read('demo/merchant/apiclient_cert.pem'),
    }),
    payers: async () => JSON.parse(await read('demo/payers.json')) as DemoPayer[],
    operatorToken: () => read('operator.token'),
    log: run.log,
    cli: (...args) => runCli(args, environment),
    kill: () => end('SIGKILL'),
    ended: () => gone,
    stop: async () => {
      await end('SIGTERM');
      return child.exitCode;
    },
    dispose: async () => {
      await end('SIGTERM');
      await stopLeftPostgres(dataDir);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A killed Stuiver leaves its PostgreSQL running for the next start; when none follows, we end it. */
async function stopLeftPostgres(dataDir: string): Promise<void> {
  const file = join(dataDir, 'postgres', 'data', 'postmaster.pid');
  const pid = Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10);
  if (!Number.isInteger(pid)) return;
  const alive = (signal: NodeJS.Signals | 0): boolean => {
    try {
      return process.kill(pid, signal);
    } catch {
      return false;
    }
  };
  if (alive('SIGINT')) await eventually('the left server ends', () => !alive(0));
}

function runCli(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [BIN, ...args], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const heard = listenTo(child);
  return new Promise((resolve) => {
    child.once('close', (code) => {
      resolve({ code: code ?? -1, stdout: heard.stdout(), stderr: heard.stderr() });
    });
  });
}

function listenTo(child: ChildProcess): { stdout(): string; stderr(): string } {
  const text = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (text.stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (text.stderr += chunk.toString()));
  return { stdout: () => text.stdout, stderr: () => text.stderr };
}

function portsOf(running: RunningStuiver): Ports {
  const port = (url: string): number => Number(new URL(url).port);
  return {
    api: port(running.apiUrl),
    sandbox: port(running.sandboxUrl),
    cafe: port(running.cafeUrl),
  };
}

/** Three ports that were free together just now. */
async function freePorts(): Promise<Ports> {
  const servers = await Promise.all([0, 1, 2].map(() => openServer()));
  const [api = 0, sandbox = 0, cafe = 0] = servers.map(({ port }) => port);
  await Promise.all(servers.map(({ close }) => close()));
  return { api, sandbox, cafe };
}

function openServer(): Promise<{ port: number; close: () => Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      resolve({
        port,
        close: () =>
          new Promise((done) =>
            server.close(() => {
              done();
            }),
          ),
      });
    });
  });
}
