import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { CrashAtNamedPoint, NoCrashPoints, SystemClock, SystemRandom } from '@stuiver/ports';
import { JsonLog } from '@stuiver/telemetry';
import type { Config } from '../config.js';
import { readyLine, seedDemo } from '../demo/seed-demo.js';
import { openPages, servePages } from '../http/pages.js';
import { createProduct, migrateAll, type Product } from '../product.js';
import { type Addresses, addressesOf, FRAME_HOST_SUFFIX } from '../run/addresses.js';
import { portIsFree } from '../run/children.js';
import { openServer } from '../run/open-server.js';
import { PATHS } from '../run/paths.js';
import { bringUpOrUndo, type Running, type Undo } from '../run/running.js';
import { readOrMakeSecrets, writePrivateFile } from '../run/secrets.js';
import { SANDBOX_KEY, startSandbox } from '../run/start-sandbox.js';
import { claimData } from './data-claim.js';

/** All three services in this process, with PostgreSQL and the sandbox beside it. */
export function startStuiver(config: Config): Promise<Running> {
  return bringUpOrUndo((undo) => bringUp(config, undo));
}

async function bringUp(config: Config, undo: Undo): Promise<string> {
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
    frameUrlOf: addresses.frameUrlOf,
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

async function listen(product: Product, config: Config, addresses: Addresses): Promise<void> {
  const pagesPort = new URL(addresses.pages).port;
  const server: FastifyInstance = product.app.getHttpAdapter().getInstance();
  const pages = await openPages({
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
  servePages(server, pages);
  await product.app.listen(config.port, config.host);
}
