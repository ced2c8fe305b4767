import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import type { Log } from '@stuiver/ports';

export interface Child {
  readonly url: string;
  /** Another one after each death. */
  pid(): number | undefined;
  stop(): Promise<void>;
}

export interface ChildOptions {
  readonly name: string;
  /** The program: a built file of another app. Children are separate processes, as in production. */
  readonly script: string;
  /** For Node itself. */
  readonly flags?: readonly string[];
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly log: Log;
  /** When it can be used: 2xx at this path. Absent: as soon as it answers anything. */
  readonly ready?: { readonly path: string; readonly msMax: number };
}

const READY_MS_MAX = 10_000;
const STOP_MS_MAX = 5_000;
const POLL_MS = 40;
/** A child of a killed parent sees its channel close and ends; until then it holds the port. */
const PORT_FREE_MS_MAX = 10_000;

/**
 * Starts a child and waits until it answers HTTP. Its channel to us is how it learns of our death, so none is left
 * over after a kill. A child that dies is started again.
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  await portIsFree(options.port, PORT_FREE_MS_MAX);
  const keeper = new ChildKeeper(options);
  keeper.start();
  const url = `http://127.0.0.1:${String(options.port)}`;
  await keeper.untilReady(url);
  return { url, pid: () => keeper.pid(), stop: () => keeper.stop() };
}

class ChildKeeper {
  private process: ChildProcess | undefined;
  private stopping = false;
  private deaths = 0;

  constructor(private readonly options: ChildOptions) {}

  start(): void {
    const { script, flags = [], environment, name, log } = this.options;
    const child = spawn(process.execPath, [...flags, script], {
      env: { ...inherited(), ...environment },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.process = child;
    child.once('exit', (code, signal) => {
      if (this.stopping) return;
      this.deaths += 1;
      log.error('child ended', { child: name, how: String(code ?? signal), deaths: this.deaths });
      setTimeout(
        () => {
          if (!this.stopping) this.start();
        },
        Math.min(5_000, 200 * this.deaths),
      ).unref();
    });
  }

  pid(): number | undefined {
    return this.process?.pid;
  }

  async untilReady(url: string): Promise<void> {
    const { ready } = this.options;
    const address = new URL(ready?.path ?? '/', url);
    const deadline = performance.now() + (ready?.msMax ?? READY_MS_MAX);
    while (performance.now() < deadline) {
      const answered = await fetch(address, { redirect: 'manual' }).then(
        (answer) => ready === undefined || answer.ok,
        () => false,
      );
      if (answered) return;
      await pause(POLL_MS);
    }
    await this.stop();
    throw new Error(`${this.options.name} does not answer on ${url}`);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    const child = this.process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) =>
      child.once('exit', () => {
        resolve();
      }),
    );
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
    await gone;
    clearTimeout(late);
  }
}

/** A child gets what it needs by name and nothing of ours: no database address, no key. */
function inherited(): Record<string, string> {
  const names = ['PATH', 'HOME', 'LANG', 'TZ', 'NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS'];
  const given = names.map((name) => [name, process.env[name]] as const);
  return Object.fromEntries(
    given.filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}

/** @throws Error in words when the port stays taken. */
export async function portIsFree(port: number, waitMs: number, host = '127.0.0.1'): Promise<void> {
  const deadline = performance.now() + waitMs;
  while (!(await canListen(port, host))) {
    if (performance.now() >= deadline) {
      throw new Error(`port ${String(port)} is taken: stop what uses it or choose another`);
    }
    await pause(POLL_MS);
  }
}

export function canListen(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => {
      resolve(false);
    });
    probe.listen(port, host, () =>
      probe.close(() => {
        resolve(true);
      }),
    );
  });
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => {
        resolve(port);
      });
    });
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
