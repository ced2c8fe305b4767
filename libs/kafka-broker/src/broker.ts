import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile, writeFile } from 'node:fs/promises';
import type { Log } from '@stuiver/ports';
import { answersKafka } from './answers.js';
import { findKafka, findProgram, type FoundKafka } from './find-kafka.js';
import { javaOptions, type Ports, prepareStorage, type Storage } from './storage.js';

export interface KafkaBrokerOptions extends Ports {
  /** `{dataDir}/kafka` holds the store, the settings and the log. The same folder next time is the same broker. */
  readonly dataDir: string;
  /** Where the jars are, when not in the project's cache. */
  readonly jarsDir?: string;
  readonly log: Log;
}

export interface KafkaBroker {
  /** `host:port`, as clients want it. */
  readonly brokers: readonly string[];
  readonly pid: number;
  /** Shuts down in order, and resolves when the process is gone. */
  stop(): Promise<void>;
  /** Only sends the signal: SIGKILL as a power cut, SIGSTOP and SIGCONT as a broker that hangs. */
  kill(signal: NodeJS.Signals): void;
}

const START_MS_MAX = 120_000;
/** Past this an orderly shutdown is a hanging one. */
const STOP_MS_MAX = 30_000;
const POLL_MS = 100;

/**
 * Starts one Kafka node (KRaft: broker and controller) on the loopback interface. It dies with this process where the
 * system can see to that; one that a killed process left behind on the same data and port is adopted.
 *
 * @throws Error saying what is missing and how to get it, or why the broker does not start.
 */
export async function startKafkaBroker(options: KafkaBrokerOptions): Promise<KafkaBroker> {
  const kafka = findKafka(options);
  if ('missing' in kafka) throw new Error(kafka.missing);
  const storage = await prepareStorage(options.dataDir, options, kafka);
  const left = await leftBehind(storage, options.port);
  if (left !== undefined) {
    options.log.info('Kafka broker adopted', { port: options.port, pid: left });
    return describe(left, options.port);
  }
  const pid = await spawnBroker(kafka, storage, options.port);
  options.log.info('Kafka broker started', { port: options.port, pid });
  return describe(pid, options.port);
}

async function leftBehind(storage: Storage, port: number): Promise<number | undefined> {
  const pid = Number.parseInt(await readFile(storage.pidFile, 'utf8').catch(() => ''), 10);
  if (!Number.isInteger(pid) || !isAlive(pid)) return undefined;
  return (await answersKafka(port)) ? pid : undefined;
}

async function spawnBroker(kafka: FoundKafka, storage: Storage, port: number): Promise<number> {
  const [command, ...args] = [
    ...dyingWithUs(),
    kafka.java,
    ...javaOptions(kafka, storage),
    ...['kafka.Kafka', storage.configFile],
  ] as [string, ...string[]];
  const logFile = await open(storage.logFile, 'a', 0o600);
  // Detached: Ctrl-C ends us in order, and we end it after what still needs it.
  const child = spawn(command, args, {
    detached: true,
    stdio: ['ignore', logFile.fd, logFile.fd],
  });
  await logFile.close();
  child.unref();
  const pid = child.pid ?? 0;
  await writeFile(storage.pidFile, String(pid));
  const problem = await untilItAnswers(child, port);
  if (problem === undefined) return pid;
  child.kill('SIGKILL');
  throw new Error(`the Kafka broker does not start: ${problem} (see ${storage.logFile})`);
}

/** Linux tells a child when its parent dies; elsewhere it is adopted by the next start. */
function dyingWithUs(): string[] {
  const setpriv = process.platform === 'linux' ? findProgram('setpriv') : undefined;
  return setpriv === undefined ? [] : [setpriv, '--pdeathsig', 'KILL'];
}

async function untilItAnswers(child: ChildProcess, port: number): Promise<string | undefined> {
  let ended: string | undefined;
  child.once('exit', (code, signal) => (ended = `it ended with ${String(code ?? signal)}`));
  child.once('error', (error) => (ended = error.message));
  const deadline = performance.now() + START_MS_MAX;
  while (ended === undefined && performance.now() < deadline) {
    if (await answersKafka(port)) return undefined;
    await pause(POLL_MS);
  }
  return ended ?? 'it did not answer';
}

function describe(pid: number, port: number): KafkaBroker {
  return {
    brokers: [`127.0.0.1:${String(port)}`],
    pid,
    stop: () => stopBroker(pid),
    kill: (signal) => {
      send(pid, signal);
    },
  };
}

async function stopBroker(pid: number): Promise<void> {
  send(pid, 'SIGTERM');
  const deadline = performance.now() + STOP_MS_MAX;
  while (isAlive(pid)) {
    if (performance.now() > deadline) send(pid, 'SIGKILL');
    await pause(POLL_MS);
  }
}

/** A process that is gone needs no signal. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    /* it is gone */
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
