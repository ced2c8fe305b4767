import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { crashPointsOf, SystemClock, SystemRandom } from '@stuiver/ports';
import { JsonLog } from '@stuiver/telemetry';
import type { Config } from '../config.js';
import { readyLine, seedDemo } from '../demo/seed-demo.js';
import { openPages, servePages } from '../http/pages.js';
import { createProduct, migrateAll, type Product, type ProductOptions } from '../product.js';
import { type Addresses, addressesOf } from '../run/addresses.js';
import { portIsFree } from '../run/children.js';
import { openServer } from '../run/open-server.js';
import { packagesAt } from '../run/packages.js';
import { pageOptionsOf } from '../run/page-options.js';
import { bringUpOrUndo, type Running, type Undo } from '../run/running.js';
import { readOrMakeSecrets, type Secrets, writePrivateFile } from '../run/secrets.js';
import {
  publishableKeyOf,
  SANDBOX_KEYS,
  startSandbox,
  stripeBaseOf,
} from '../run/start-sandbox.js';
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
    moneyMode: config.moneyMode,
    prefunding: config.prefunding,
    operatorToken: secrets.operatorToken,
    psp: {
      keys: config.stripeKeys ?? SANDBOX_KEYS,
      publishableKey: publishableKeyOf(config),
      webhookSecret: config.stripeWebhookSecret ?? secrets.webhookSecret,
      webhookSecretPayout: config.stripeWebhookSecretPayout ?? secrets.webhookSecretPayout,
      apiBase: sandbox === undefined ? null : new URL(addresses.sandbox),
    },
    frameUrlOf: addresses.frameUrlOf,
    staff: staffOf(config, secrets),
    clock: new SystemClock(),
    random,
    log,
    crash: crashPointsOf(config.crashAt),
  });
  undo.push(() => product.close());
  await listen(product, config, { addresses, secrets });
  // Real money knows no demo.
  const demo = config.sandbox ? await seedDemo({ config, secrets, addresses, log }) : undefined;
  if (demo !== undefined) undo.push(() => demo.cafe.stop());
  await writePrivateFile(
    join(config.dataDir, 'running.json'),
    JSON.stringify({
      api_url: addresses.api,
      pages_url: addresses.pages,
      sandbox_url: sandbox === undefined ? null : addresses.sandbox,
      pid: process.pid,
    }),
  );
  return readyLine(addresses, demo, sandbox);
}

function staffOf(
  { oidc, mailUrl, mailFrom, invoiceFrom, riskLimits }: Config,
  { staffKey }: Secrets,
): ProductOptions['staff'] {
  return {
    staffKey: Buffer.from(staffKey, 'base64url'),
    ...(oidc === undefined ? {} : { oidc }),
    ...(mailUrl === undefined ? {} : { mailUrl }),
    ...(mailFrom === undefined ? {} : { mailFrom }),
    ...(invoiceFrom === undefined ? {} : { invoiceFrom }),
    ...(riskLimits === undefined ? {} : { riskLimits }),
  };
}

async function listen(
  product: Product,
  config: Config,
  run: { addresses: Addresses; secrets: Secrets },
): Promise<void> {
  const { addresses, secrets } = run;
  const server: FastifyInstance = product.app.getHttpAdapter().getInstance();
  const packages = packagesAt({
    dataDir: config.dataDir,
    operatorToken: secrets.operatorToken,
    orderUrl: addresses.api,
  });
  servePages(
    server,
    await openPages(pageOptionsOf(addresses, stripeBaseOf(config, addresses), packages)),
  );
  await product.app.listen(config.port, config.host);
}
