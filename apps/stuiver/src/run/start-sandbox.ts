import type { Log } from '@stuiver/ports';
import type { Config } from '../config.js';
import type { StripeKeys } from '../live-objections.js';
import type { Addresses } from './addresses.js';
import { type Child, startChild } from './children.js';
import { PATHS } from './paths.js';
import type { Secrets } from './secrets.js';

/** The PSP sandbox's secret key, which may do everything. */
export const SANDBOX_KEY = 'sk_test_stuiver';
/** What the services have there: each may do what it needs (docs/guides/psp-sandbox.md). */
export const SANDBOX_KEYS: StripeKeys = {
  order: 'rk_test_stuiver_order',
  payout: 'rk_test_stuiver_payout',
};

const SANDBOX_PUBLISHABLE_KEY = 'pk_test_stuiver';

/** Where the PSP is: null is Stripe itself. */
export function stripeBaseOf(
  { stripeKeys }: Config,
  { sandbox }: Pick<Addresses, 'sandbox'>,
): URL | null {
  return stripeKeys === undefined ? new URL(sandbox) : null;
}

/** By which a browser speaks to the PSP; undefined: payers type no card. */
export function publishableKeyOf(config: Config): string | undefined {
  const ownPsp = config.stripeKeys !== undefined;
  return ownPsp ? config.stripePublishableKey : SANDBOX_PUBLISHABLE_KEY;
}

/** What the PSP sandbox is told, wherever it runs. */
export function sandboxEnvironment(options: {
  config: Config;
  secrets: Secrets;
  addresses: Addresses;
  databaseUrl: string;
}): Readonly<Record<string, string>> {
  const { config, secrets, addresses, databaseUrl } = options;
  const payoutUrl = `${addresses.api}/webhooks/psp/payout`;
  return {
    SANDBOX_PORT: String(config.sandboxPort),
    SANDBOX_DATABASE_URL: databaseUrl,
    SANDBOX_PUBLIC_URL: addresses.sandbox,
    SANDBOX_WEBHOOKS: JSON.stringify([
      { url: `${addresses.api}/webhooks/psp/order`, secret: secrets.webhookSecret },
      {
        url: payoutUrl,
        secret: secrets.webhookSecretPayout,
        events: ['payout.*', 'balance.available'],
      },
      ...connectEndpoints(config, { url: payoutUrl, secret: secrets.webhookSecretPayout }),
    ]),
  };
}

/** What happens on merchants' accounts is told only to an endpoint that asks for it. */
function connectEndpoints(
  { moneyMode }: Config,
  endpoint: { readonly url: string; readonly secret: string },
): readonly object[] {
  if (moneyMode !== 'psp-held') return [];
  return [{ ...endpoint, events: ['payout.*', 'account.updated'], connect: true }];
}

/** The PSP sandbox as a child of ours; nothing when a Stripe key says that the real one is used. */
export async function startSandbox(options: {
  config: Config;
  log: Log;
  secrets: Secrets;
  addresses: Addresses;
  databaseUrl: string;
}): Promise<Child | undefined> {
  const { config, log } = options;
  if (config.stripeKeys !== undefined) return undefined;
  return startChild({
    name: 'psp-sandbox',
    script: PATHS.sandboxServer,
    port: config.sandboxPort,
    log,
    environment: sandboxEnvironment(options),
  });
}
