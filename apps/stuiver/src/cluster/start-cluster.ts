import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, startKafkaBroker } from '@stuiver/kafka-broker';
import { SystemRandom } from '@stuiver/ports';
import { ensureDatabase, startEmbeddedPostgres } from '@stuiver/postgres';
import { createMetrics, JsonLog } from '@stuiver/telemetry';
import type { Config } from '../config.js';
import { readyLine, seedDemo } from '../demo/seed-demo.js';
import { startEdge } from '../edge/start-edge.js';
import { claimData } from '../embedded/data-claim.js';
import { openPages } from '../http/pages.js';
import { migrateAll } from '../product.js';
import { type Addresses, addressesOf } from '../run/addresses.js';
import { type Child, portIsFree, startChild } from '../run/children.js';
import { SANDBOX_DATABASE } from '../run/open-server.js';
import { packagesAt } from '../run/packages.js';
import { pageOptionsOf } from '../run/page-options.js';
import { PATHS } from '../run/paths.js';
import { bringUpOrUndo, type Running, type Undo } from '../run/running.js';
import { readOrMakeSecrets, type Secrets, writePrivateFile } from '../run/secrets.js';
import { startSandbox, stripeBaseOf } from '../run/start-sandbox.js';
import { keep, type Keeper } from './keep.js';
import { type ClusterFacts, environmentOf } from './service-environments.js';
import { type Member, originsOf, planMembers } from './topology.js';

/** Six services, cold, on a machine that does other things too. */
const SERVICE_READY_MS_MAX = 60_000;
/** A process that was started again has another pid. */
const FACTS_EVERY_MS = 500;

const SCRIPTS = {
  ledger: PATHS.ledgerServer,
  order: PATHS.orderServer,
  payout: PATHS.payoutServer,
} as const;

/** Answers are short-lived and many: a small nursery, and a heap that is tidied before it grows, keep the process at 160 MB. */
const LEDGER_FLAGS = ['--max-semi-space-size=8', '--max-old-space-size=256'];

interface Started {
  readonly config: Config;
  readonly log: JsonLog;
  readonly undo: Undo;
  readonly addresses: Addresses;
  readonly secrets: Secrets;
}

/**
 * The scaled topology on one machine: PostgreSQL, a Kafka broker, two of each service, the sandbox and the café as
 * processes of their own, behind one address. What dies is started again.
 */
export function startCluster(config: Config): Promise<Running> {
  return bringUpOrUndo((undo) => bringUp(config, undo));
}

async function bringUp(config: Config, undo: Undo): Promise<string> {
  const log = new JsonLog(config.logLevel);
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  await portIsFree(config.port, 0, config.host);
  const addresses = addressesOf(config);
  const secrets = await readOrMakeSecrets(config.dataDir, new SystemRandom());
  const started = { config, log, undo, addresses, secrets };
  const [database, kafka] = await Promise.all([openDatabase(started), openBroker(started)]);
  const sandbox = await prepare(started, database);
  const members = await planMembers();
  const facts = {
    ...{ config, addresses, secrets, adminUrl: database.adminUrl, brokers: kafka.brokers },
    ledgerUrls: originsOf(members, 'ledger'),
  };
  const children = await startMembers(started, members, facts);
  await openEdge(started, members);
  // Real money knows no demo.
  const demo = config.sandbox ? await seedDemo(started) : undefined;
  if (demo !== undefined) undo.push(() => demo.cafe.stop());
  const keepers = { database: database.keeper, kafka: kafka.keeper, sandbox };
  await writeFacts(started, { ...keepers, members, children });
  return readyLine(addresses, demo, sandbox);
}

interface Database {
  readonly adminUrl: string;
  readonly sandboxUrl: string;
  readonly keeper: Keeper | undefined;
}

async function openDatabase({ config, log, undo }: Started): Promise<Database> {
  if (config.databaseUrl !== undefined) {
    const adminUrl = config.databaseUrl;
    const sandboxUrl = await ensureDatabase(adminUrl, SANDBOX_DATABASE);
    return { adminUrl, sandboxUrl, keeper: undefined };
  }
  const { dataDir } = config;
  let port: number | undefined;
  const start = async (): Promise<Awaited<ReturnType<typeof startEmbeddedPostgres>>> => {
    const server = await startEmbeddedPostgres({
      ...{ dataDir, log },
      ...(port === undefined ? {} : { port }),
    });
    port = server.port;
    return server;
  };
  const { keeper, first } = await keep({ name: 'postgres', log, start });
  undo.push(() => keeper.stop());
  return {
    adminUrl: await first.databaseUrl('stuiver'),
    sandboxUrl: await first.databaseUrl(SANDBOX_DATABASE),
    keeper,
  };
}

interface Broker {
  readonly brokers: readonly string[];
  readonly keeper: Keeper | undefined;
}

async function openBroker({ config, log, undo }: Started): Promise<Broker> {
  if (config.kafkaBrokers !== undefined) {
    return { brokers: config.kafkaBrokers, keeper: undefined };
  }
  const { dataDir } = config;
  const ports = { port: await freePort(), controllerPort: await freePort() };
  const start = () => startKafkaBroker({ dataDir, log, ...ports });
  const { keeper, first } = await keep({ name: 'kafka', log, start });
  undo.push(() => keeper.stop());
  return { brokers: first.brokers, keeper };
}

/** The database as every service expects it, and the PSP. */
async function prepare(
  { config, log, undo, secrets, addresses }: Started,
  database: Database,
): Promise<Child | undefined> {
  const claim = await claimData(database.adminUrl);
  undo.push(() => claim.release());
  const [, sandbox] = await Promise.all([
    migrateAll(database.adminUrl),
    startSandbox({ config, log, secrets, addresses, databaseUrl: database.sandboxUrl }),
  ]);
  if (sandbox !== undefined) undo.push(() => sandbox.stop());
  return sandbox;
}

async function startMembers(
  { log, undo }: Started,
  members: readonly Member[],
  facts: ClusterFacts,
): Promise<readonly Child[]> {
  const children = await Promise.all(
    members.map((member) =>
      startChild({
        name: `${member.service} ${member.replica}`,
        script: SCRIPTS[member.service],
        ...(member.service === 'ledger' ? { flags: LEDGER_FLAGS } : {}),
        port: member.port,
        log,
        ready: { path: '/health/ready', msMax: SERVICE_READY_MS_MAX },
        environment: {
          ...environmentOf(member.service, facts),
          PORT: String(member.port),
          STUIVER_REPLICA: member.replica,
        },
      }),
    ),
  );
  undo.push(async () => {
    await Promise.all(children.map((child) => child.stop()));
  });
  return children;
}

async function openEdge(started: Started, members: readonly Member[]): Promise<void> {
  const { config, log, undo, addresses, secrets } = started;
  const packages = packagesAt({
    dataDir: config.dataDir,
    operatorToken: secrets.operatorToken,
    // Through the edge itself: whichever Order is well.
    orderUrl: addresses.api,
  });
  const metrics = createMetrics();
  const edge = await startEdge({
    ...{ host: config.host, port: config.port, log },
    upstreams: {
      order: originsOf(members, 'order'),
      ledger: originsOf(members, 'ledger'),
      payout: originsOf(members, 'payout'),
    },
    pages: await openPages(pageOptionsOf(addresses, stripeBaseOf(config, addresses), packages)),
    metrics: () => metrics.text(),
  });
  undo.push(() => edge.close());
}

/** Where everything is, for the command line and for whoever wants to break it on purpose. */
async function writeFacts(
  { config, addresses, undo }: Started,
  processes: {
    database: Keeper | undefined;
    kafka: Keeper | undefined;
    sandbox: Child | undefined;
    members: readonly Member[];
    children: readonly Child[];
  },
): Promise<void> {
  const { database, kafka, sandbox, members, children } = processes;
  const write = (): Promise<void> =>
    writePrivateFile(
      join(config.dataDir, 'running.json'),
      JSON.stringify({
        api_url: addresses.api,
        pages_url: addresses.pages,
        sandbox_url: config.stripeKeys === undefined ? addresses.sandbox : null,
        pid: process.pid,
        processes: [
          { name: 'postgres', pid: database?.pid() ?? null },
          { name: 'kafka', pid: kafka?.pid() ?? null },
          { name: 'psp-sandbox', pid: sandbox?.pid() ?? null },
          ...members.map(({ service, replica, origin }, index) => ({
            name: `${service}-${replica}`,
            origin,
            pid: children[index]?.pid() ?? null,
          })),
        ],
      }),
    );
  await write();
  const timer = setInterval(() => void write().catch(() => undefined), FACTS_EVERY_MS);
  undo.push(() => {
    clearInterval(timer);
    return Promise.resolve();
  });
}
