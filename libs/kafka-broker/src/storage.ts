import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { FoundKafka } from './find-kafka.js';

const run = promisify(execFile);
const FORMAT_MS_MAX = 120_000;
const CLUSTER_ID_BYTES = 16;

export interface Storage {
  /** Everything of this broker: settings, log, pid, data. */
  readonly home: string;
  readonly configFile: string;
  readonly logFile: string;
  readonly pidFile: string;
}

export interface Ports {
  /** Clients connect here. */
  readonly port: number;
  /** The node's vote with itself. */
  readonly controllerPort: number;
}

/** Lays out `{dataDir}/kafka` and formats the store, once. One whose making was cut short is made anew. */
export async function prepareStorage(
  dataDir: string,
  ports: Ports,
  kafka: FoundKafka,
): Promise<Storage> {
  const home = join(dataDir, 'kafka');
  const storage: Storage = {
    home,
    configFile: join(home, 'server.properties'),
    logFile: join(home, 'log'),
    pidFile: join(home, 'pid'),
  };
  await mkdir(home, { recursive: true, mode: 0o700 });
  await writeFile(storage.configFile, settings(storage, ports));
  await writeFile(join(home, 'log4j2.properties'), LOG_SETTINGS);
  const clusterFile = join(home, 'cluster-id');
  if ((await readFile(clusterFile, 'utf8').catch(() => '')) !== '') return storage;
  await rm(dataFolder(storage), { recursive: true, force: true });
  const clusterId = randomBytes(CLUSTER_ID_BYTES).toString('base64url');
  const format = ['kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', storage.configFile];
  await run(kafka.java, [...javaOptions(kafka, storage), ...format], { timeout: FORMAT_MS_MAX });
  await writeFile(`${clusterFile}.draft`, clusterId);
  await rename(`${clusterFile}.draft`, clusterFile);
  return storage;
}

/** What comes before the class to run. */
export function javaOptions(kafka: FoundKafka, storage: Storage): string[] {
  return [
    '-Xmx512m',
    // Starts in half the time, and one node's load never asks for the optimising compiler.
    '-XX:TieredStopAtLevel=1',
    '-XX:+UseSerialGC',
    `-Dlog4j2.configurationFile=${join(storage.home, 'log4j2.properties')}`,
    '-cp',
    join(kafka.jarsDir, '*'),
  ];
}

function dataFolder(storage: Pick<Storage, 'home'>): string {
  return join(storage.home, 'data');
}

function settings(storage: Storage, { port, controllerPort }: Ports): string {
  const lines = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${String(controllerPort)}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://127.0.0.1:${String(port)},CONTROLLER://127.0.0.1:${String(controllerPort)}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${String(port)}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': dataFolder(storage),
    // A topic that nobody planned is a typing error.
    'auto.create.topics.enable': 'false',
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    // A killed node is let in again only when its old session is over.
    'broker.session.timeout.ms': '3000',
    'broker.heartbeat.interval.ms': '1000',
  };
  return Object.entries(lines)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

const LOG_SETTINGS = `status = error
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d{ISO8601} %p %m (%c{1})%n
rootLogger.level = warn
rootLogger.appenderRef.out.ref = out
`;
