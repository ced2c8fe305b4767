import { join } from 'node:path';
import { type Log, SystemRandom } from '@stuiver/ports';
import { type OperatorClient, operatorClientOf } from '../commands/operator-client.js';
import type { Config } from '../config.js';
import type { Addresses } from '../run/addresses.js';
import { canListen, type Child, freePort, startChild } from '../run/children.js';
import { PATHS } from '../run/paths.js';
import { type Secrets, writePrivateFile } from '../run/secrets.js';
import { DEMO_MERCHANT, DEMO_MINI_PROGRAM } from './demo-world.js';
import { seedMerchant } from './seed-merchant.js';
import { seedPayers } from './seed-payers.js';
import { seedStaff } from './seed-staff.js';

export interface Demo {
  readonly cafe: Child;
  readonly settlementUrl: string;
}

interface DemoOptions {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly addresses: Addresses;
}

/** The demo merchant and where its café is, made over HTTP as anybody would. Safe to repeat. @returns its folder. */
export async function seedCafe(options: DemoOptions & { demoPort: number }): Promise<string> {
  const { config, addresses, demoPort } = options;
  const merchantDir = await seedMerchant({
    dataDir: config.dataDir,
    apiUrl: addresses.api,
    operator: operatorOf(options),
    packageDir: PATHS.cafe,
  });
  await writePrivateFile(
    join(config.dataDir, 'demo', DEMO_MINI_PROGRAM.appid, 'cafe.json'),
    JSON.stringify({ server: `http://127.0.0.1:${String(demoPort)}` }),
  );
  return merchantDir;
}

/** The payers, and whoever signs in at the consoles. Safe to repeat; the demo merchant is there before. */
export async function seedPeople(options: DemoOptions): Promise<void> {
  const { dataDir, oidc } = options.config;
  const apiUrl = options.addresses.api;
  // Where the PSP holds the money, a wallet has no balance to fill.
  const fillsWallets = options.config.moneyMode === 'self-held';
  const payers = seedPayers({ dataDir, apiUrl, fillsWallets });
  // At a provider of the host's own there are no passwords to make.
  const staff =
    oidc === undefined
      ? seedStaff({ dataDir, apiUrl, operator: operatorOf(options), random: new SystemRandom() })
      : undefined;
  await Promise.all([payers, staff]);
}

function operatorOf({ addresses, secrets }: DemoOptions): OperatorClient {
  const { api: apiUrl, pages: pagesUrl } = addresses;
  return operatorClientOf({ apiUrl, pagesUrl, token: secrets.operatorToken });
}

/** The demo merchant, its café and the payers. Safe to repeat. */
export async function seedDemo(options: DemoOptions & { log: Log }): Promise<Demo> {
  const { config, addresses, log } = options;
  const demoPort = await demoPortOf(config, log);
  const merchantDir = await seedCafe({ ...options, demoPort });
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
    seedPeople(options),
  ]);
  const link = (await operatorOf(options).call('POST', '/operator/settlement-links', {
    merchantId: DEMO_MERCHANT.mchid,
  })) as { path: string };
  return { cafe, settlementUrl: new URL(link.path, addresses.pages).href };
}

/** A taken DEMO_PORT is a warning and a free port: the demo is not worth a failed start. */
async function demoPortOf(config: Config, log: Log): Promise<number> {
  if (await canListen(config.demoPort)) return config.demoPort;
  const port = await freePort();
  log.warn('DEMO_PORT is taken: the café listens elsewhere', { wanted: config.demoPort, port });
  return port;
}

/** What a person who started us wants to know. */
export function readyLine(
  addresses: Addresses,
  demo: Demo | undefined,
  sandbox: Child | undefined,
): string {
  const cafe = demo && `café ${addresses.pages}/m/${DEMO_MINI_PROGRAM.appid}`;
  const parts = [
    `Stuiver is ready: pages ${addresses.pages}`,
    cafe,
    `API ${addresses.api}`,
    demo && `café server ${demo.cafe.url}`,
    sandbox && `PSP sandbox ${sandbox.url}`,
    demo && `settlements ${demo.settlementUrl}`,
  ].filter((part) => part !== undefined);
  return parts.join(' · ');
}
