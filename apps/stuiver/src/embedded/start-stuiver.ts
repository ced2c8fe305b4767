import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { CrashAtNamedPoint, NoCrashPoints, SystemClock, SystemRandom } from '@stuiver/ports';
import { ensureDatabase, startEmbeddedPostgres } from '@stuiver/postgres';
import { JsonLog } from '@stuiver/telemetry';
import { operatorClientOf } from '../commands/operator-client.js';
import type { Config } from '../config.js';
import { DEMO_MERCHANT, DEMO_MINI_PROGRAM } from '../demo/demo-world.js';
import { seedMerchant } from '../demo/seed-merchant.js';
import { seedPayers } from '../demo/seed-payers.js';
import { servePages } from '../http/pages.js';
import { createProduct, migrateAll, type Product } from '../product.js';
import { canListen, type Child, freePort, portIsFree, startChild } from './children.js';
import { claimData } from './data-claim.js';
import { readOrMakeSecrets, type Secrets, writePrivateFile } from './secrets.js';

export interface Running {
  readonly readyLine: string;
  stop(): Promise<void>;
}

interface Addresses {
  readonly api: string;
  readonly pages: string;
  readonly sandbox: string;
}

type Undo = () => Promise<void>;

const SANDBOX_KEY = 'sk_test_stuiver';
const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url));
const PATHS = {
  web: join(REPOSITORY, 'apps/web/dist'),
  mini: join(REPOSITORY, 'libs/mini/dist'),
  cafe: join(REPOSITORY, 'apps/demo-cafe/mini-program'),
  cafeServer: join(REPOSITORY, 'apps/demo-cafe/dist/main.js'),
  sandboxServer: join(REPOSITORY, 'apps/psp-sandbox/dist/main.js'),
} as const;
/** Mini-programs live on host names of their own, `{appid}.localhost`; browsers resolve these by themselves. */
const FRAME_HOST_SUFFIX = '.localhost';

/** Brings everything up in the order it needs; what was started is stopped again when a later part fails. */
export async function startStuiver(config: Config): Promise<Running> {
  const undo: Undo[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    return { readyLine: await bringUp(config, undo), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function bringUp(config: Config, undo: Undo[]): Promise<string> {
  const log = new JsonLog(config.logLevel);
  const random = new SystemRandom();
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  await portIsFree(config.port, 0, config.host);
  const addresses = addressesOf(config);
  const server = await openServer(config, log, undo);
  const claim = await claimData(server.adminUrl);
  undo.push(() => claim.release());
  const secrets = await readOrMakeSecrets(config.dataDir, random);
  const [, sandbox] = await Promise.all([
    migrateAll(server.adminUrl),
    startSandbox({ config, log, secrets, addresses, databaseUrl: server.sandboxUrl }),
  ]);
  if (sandbox !== undefined) undo.push(() => sandbox.stop());
  const product = await createProduct({
    adminUrl: server.adminUrl,
    dataDir: config.dataDir,
    publicUrl: addresses.pages,
    sandbox: config.sandbox,
    operatorToken: secrets.operatorToken,
    psp: {
      secretKey: config.stripeSecretKey ?? SANDBOX_KEY,
      webhookSecret: config.stripeWebhookSecret ?? secrets.webhookSecret,
      apiBase: sandbox === undefined ? null : new URL(addresses.sandbox),
    },
    frameUrlOf: (appid) => `http://${appid}${FRAME_HOST_SUFFIX}:${String(config.port)}/`,
    clock: new SystemClock(),
    random,
    log,
    crash:
      config.crashAt === undefined ? new NoCrashPoints() : new CrashAtNamedPoint(config.crashAt),
  });
  undo.push(() => product.close());
  await listen(product, config, addresses);
  const demo = await seedDemo({ config, secrets, addresses, log });
  undo.push(() => demo.cafe.stop());
  await writePrivateFile(
    join(config.dataDir, 'running.json'),
    JSON.stringify({ api_url: addresses.api, pages_url: addresses.pages, pid: process.pid }),
  );
  return readyLine(addresses, demo, sandbox);
}

function addressesOf(config: Config): Addresses {
  const port = String(config.port);
  const host = config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host;
  return {
    api: `http://${host}:${port}`,
    pages: config.publicUrl ?? `http://localhost:${port}`,
    sandbox: `http://127.0.0.1:${String(config.sandboxPort)}`,
  };
}

/** Our own PostgreSQL, or the one that DATABASE_URL names. The PSP sandbox gets a database of its own there. */
async function openServer(
  config: Config,
  log: JsonLog,
  undo: Undo[],
): Promise<{ adminUrl: string; sandboxUrl: string }> {
  const sandboxName = 'stuiver_psp_sandbox';
  if (config.databaseUrl !== undefined) {
    const adminUrl = config.databaseUrl;
    return { adminUrl, sandboxUrl: await ensureDatabase(adminUrl, sandboxName) };
  }
  const postgres = await startEmbeddedPostgres({ dataDir: config.dataDir, log });
  undo.push(() => postgres.stop());
  return {
    adminUrl: await postgres.databaseUrl('stuiver'),
    sandboxUrl: await postgres.databaseUrl(sandboxName),
  };
}

async function startSandbox(options: {
  config: Config;
  log: JsonLog;
  secrets: Secrets;
  addresses: Addresses;
  databaseUrl: string;
}): Promise<Child | undefined> {
  const { config, log, secrets, addresses } = options;
  if (config.stripeSecretKey !== undefined) return undefined;
  return startChild({
    name: 'psp-sandbox',
    script: PATHS.sandboxServer,
    port: config.sandboxPort,
    log,
    environment: {
      SANDBOX_PORT: String(config.sandboxPort),
      SANDBOX_DATABASE_URL: options.databaseUrl,
      SANDBOX_PUBLIC_URL: addresses.sandbox,
      SANDBOX_WEBHOOKS: JSON.stringify([
        { url: `${addresses.api}/webhooks/psp/order`, secret: secrets.webhookSecret },
      ]),
    },
  });
}

async function listen(product: Product, config: Config, addresses: Addresses): Promise<void> {
  const pagesPort = new URL(addresses.pages).port;
  const server: FastifyInstance = product.app.getHttpAdapter().getInstance();
  await servePages(server, {
    webDir: PATHS.web,
    frameHostSuffix: FRAME_HOST_SUFFIX,
    pagesOrigin: addresses.pages,
    frameSources: `http://*${FRAME_HOST_SUFFIX}:${pagesPort === '' ? '80' : pagesPort}`,
    packageOf: async (appid) => {
      const rows = await product.databases.orders.query<{ source: string }>(
        `select source from orders.mini_program where lower(appid) = $1 and origin_kind = 'packaged'`,
        [appid],
      );
      if (rows[0] === undefined) return undefined;
      return [join(config.dataDir, 'demo', appid), rows[0].source, PATHS.mini];
    },
  });
  await product.app.listen(config.port, config.host);
}

interface Demo {
  readonly cafe: Child;
  readonly settlementUrl: string;
}

async function seedDemo(options: {
  config: Config;
  secrets: Secrets;
  addresses: Addresses;
  log: JsonLog;
}): Promise<Demo> {
  const { config, secrets, addresses, log } = options;
  const operator = operatorClientOf({
    apiUrl: addresses.api,
    pagesUrl: addresses.pages,
    token: secrets.operatorToken,
  });
  const merchantDir = await seedMerchant({
    dataDir: config.dataDir,
    apiUrl: addresses.api,
    operator,
    packageDir: PATHS.cafe,
  });
  const demoPort = await demoPortOf(config, log);
  await writePrivateFile(
    join(config.dataDir, 'demo', DEMO_MINI_PROGRAM.appid, 'cafe.json'),
    JSON.stringify({ server: `http://127.0.0.1:${String(demoPort)}` }),
  );
  const [cafe] = await Promise.all([
    startChild({
      name: 'demo-cafe',
      script: PATHS.cafeServer,
      port: demoPort,
      log,
      environment: {
        DEMO_PORT: String(demoPort),
        DEMO_MERCHANT_DIR: merchantDir,
        DEMO_DATA_DIR: join(config.dataDir, 'demo', 'cafe'),
        STUIVER_BASE_URL: addresses.api,
      },
    }),
    seedPayers({ dataDir: config.dataDir, apiUrl: addresses.api }),
  ]);
  const link = (await operator.call('POST', '/operator/settlement-links', {
    merchantId: DEMO_MERCHANT.mchid,
  })) as { path: string };
  return { cafe, settlementUrl: new URL(link.path, addresses.pages).href };
}

/** A taken DEMO_PORT is a warning and a free port: the demo is not worth a failed start. */
async function demoPortOf(config: Config, log: JsonLog): Promise<number> {
  if (await canListen(config.demoPort)) return config.demoPort;
  const port = await freePort();
  log.warn('DEMO_PORT is taken: the café listens elsewhere', { wanted: config.demoPort, port });
  return port;
}

function readyLine(addresses: Addresses, demo: Demo, sandbox: Child | undefined): string {
  const parts = [
    `Stuiver is ready: pages ${addresses.pages}`,
    `café ${addresses.pages}/m/${DEMO_MINI_PROGRAM.appid}`,
    `API ${addresses.api}`,
    `café server ${demo.cafe.url}`,
    ...(sandbox === undefined ? [] : [`PSP sandbox ${sandbox.url}`]),
    `settlements ${demo.settlementUrl}`,
  ];
  return parts.join(' · ');
}
