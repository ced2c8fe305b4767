import { join } from 'node:path';
import { type Log, SystemRandom } from '@stuiver/ports';
import { operatorClientOf } from '../commands/operator-client.js';
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

/** The demo merchant, its café and the payers, made over HTTP as anybody would. Safe to repeat. */
export async function seedDemo(options: {
  config: Config;
  secrets: Secrets;
  addresses: Addresses;
  log: Log;
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
    // At a provider of the host's own there are no passwords to make.
    config.oidc === undefined
      ? seedStaff({
          ...{ dataDir: config.dataDir, apiUrl: addresses.api },
          ...{ operator, random: new SystemRandom() },
        })
      : undefined,
  ]);
  const link = (await operator.call('POST', '/operator/settlement-links', {
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
export function readyLine(addresses: Addresses, demo: Demo, sandbox: Child | undefined): string {
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
