import { roleUrl } from '@stuiver/postgres';
import type { Config } from '../config.js';
import type { StripeKeys } from '../live-objections.js';
import { DEBTOR } from '../product.js';
import { type Addresses, FRAME_HOST_SUFFIX } from '../run/addresses.js';
import type { Secrets } from '../run/secrets.js';
import { publishableKeyOf, SANDBOX_KEYS } from '../run/start-sandbox.js';
import type { ServiceName } from './topology.js';

export interface ClusterFacts {
  readonly config: Config;
  readonly addresses: Addresses;
  readonly secrets: Secrets;
  readonly adminUrl: string;
  readonly brokers: readonly string[];
  readonly ledgerUrls: readonly string[];
}

type Environment = Readonly<Record<string, string>>;

/** What each service is told: its own role in PostgreSQL, its own credential at the ledger, and no secret of another's. */
export function environmentOf(service: ServiceName, facts: ClusterFacts): Environment {
  const { config, adminUrl, brokers, secrets } = facts;
  const common = {
    STUIVER_HOST: '127.0.0.1',
    BUS_DATABASE_URL: roleUrl(adminUrl, 'bus'),
    KAFKA_BROKERS: brokers.join(','),
    STUIVER_MONEY: config.sandbox ? 'sandbox' : 'live',
    STUIVER_MONEY_MODE: config.moneyMode,
    STUIVER_PAYOUT_PREFUNDING: config.prefunding,
    STUIVER_LOG: config.logLevel,
    OPERATOR_TOKEN: secrets.operatorToken,
  };
  return { ...common, ...OWN[service](facts) };
}

function stripe(service: keyof StripeKeys, { config, addresses }: ClusterFacts): Environment {
  return {
    STRIPE_SECRET_KEY: (config.stripeKeys ?? SANDBOX_KEYS)[service],
    ...(config.stripeKeys === undefined ? { STRIPE_API_BASE: addresses.sandbox } : {}),
  };
}

function cards(config: Config): Environment {
  const key = publishableKeyOf(config);
  return key === undefined ? {} : { STRIPE_PUBLISHABLE_KEY: key };
}

const OWN: Readonly<Record<ServiceName, (facts: ClusterFacts) => Environment>> = {
  ledger: ({ config, adminUrl, secrets }) => ({
    DATABASE_URL: roleUrl(adminUrl, 'ledger'),
    STUIVER_DATA_DIR: config.dataDir,
    LEDGER_CREDENTIAL_ORDER: secrets.ledgerCredentials.order,
    LEDGER_CREDENTIAL_PAYOUT: secrets.ledgerCredentials.payout,
  }),
  order: (facts) => {
    const { config, addresses, adminUrl, secrets, ledgerUrls } = facts;
    return {
      DATABASE_URL: roleUrl(adminUrl, 'orders'),
      PEOPLE_DATABASE_URL: roleUrl(adminUrl, 'people'),
      PUBLIC_URL: addresses.pages,
      FRAME_HOST_SUFFIX,
      STUIVER_DATA_DIR: config.dataDir,
      LEDGER_URLS: ledgerUrls.join(','),
      LEDGER_CREDENTIAL: secrets.ledgerCredentials.order,
      STAFF_KEY: secrets.staffKey,
      ...staffEnvironment(config),
      ...stripe('order', facts),
      ...cards(config),
      STRIPE_WEBHOOK_SECRET_ORDER: config.stripeWebhookSecret ?? secrets.webhookSecret,
    };
  },
  payout: (facts) => {
    const { config, addresses, adminUrl, secrets, ledgerUrls } = facts;
    return {
      PUBLIC_URL: addresses.pages,
      STAFF_KEY: secrets.staffKey,
      DATABASE_URL: roleUrl(adminUrl, 'payout'),
      STUIVER_DATA_DIR: config.dataDir,
      LEDGER_URLS: ledgerUrls.join(','),
      LEDGER_CREDENTIAL: secrets.ledgerCredentials.payout,
      ...stripe('payout', facts),
      STRIPE_WEBHOOK_SECRET_PAYOUT: config.stripeWebhookSecretPayout ?? secrets.webhookSecretPayout,
      DEBTOR_NAME: DEBTOR.name,
      DEBTOR_IBAN: DEBTOR.iban,
    };
  },
};

/** Where staff sign in, who sends their mail, who invoices are from, and what they look at. */
function staffEnvironment(config: Config): Environment {
  const { oidc, mailUrl, mailFrom, invoiceFrom, riskLimits } = config;
  const provider = oidc && {
    OIDC_ISSUER: oidc.issuer,
    OIDC_CLIENT_ID: oidc.clientId,
    OIDC_CLIENT_SECRET: oidc.clientSecret,
  };
  return {
    ...provider,
    ...(mailUrl === undefined ? {} : { MAIL_URL: mailUrl }),
    ...(mailFrom === undefined ? {} : { MAIL_FROM: mailFrom }),
    ...(invoiceFrom === undefined ? {} : { INVOICE_FROM: invoiceFrom }),
    ...(riskLimits === undefined ? {} : { RISK_LIMITS: riskLimits }),
  };
}
