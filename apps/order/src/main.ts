import 'reflect-metadata';
import { join } from 'node:path';
import { consumerLagGauges, DeadLetters, deadLetterGauges } from '@stuiver/bus';
import { KafkaBus } from '@stuiver/bus-kafka';
import { openFileKeyStore } from '@stuiver/key-store-file';
import { HttpLedger } from '@stuiver/ledger-client';
import { crashPointsOf, type Log, SystemClock, SystemRandom } from '@stuiver/ports';
import { type Database, openDatabase } from '@stuiver/postgres';
import {
  stripeCardFields,
  StripeConnect,
  stripeGate,
  type StripeOptions,
  StripePayIn,
} from '@stuiver/psp-stripe';
import { type BuiltService, createServiceApp, runService } from '@stuiver/service';
import { createMetrics } from '@stuiver/telemetry';
import { createV3Surface } from './adapters/http/v3/surface.js';
import { watchOrder } from './adapters/metrics/order-gauges.js';
import { type OrderConfig, readConfig } from './config.js';
import type { OrderOptions } from './options.js';
import { OrderModule } from './order.module.js';

const PSP_MS_MAX = 12_000;
const POOL_MAX = { orders: 12, people: 4, bus: 2 } as const;

await runService(() => {
  const config = readConfig(process.env);
  return {
    name: 'order',
    host: config.STUIVER_HOST,
    port: config.PORT,
    logLevel: config.STUIVER_LOG,
    build: (log) => build(config, log),
  };
});

interface Databases {
  readonly orders: Database;
  readonly people: Database;
  readonly bus: Database;
}

async function build(config: OrderConfig, log: Log): Promise<BuiltService> {
  const clock = new SystemClock();
  const random = new SystemRandom();
  const databases = await openDatabases(config);
  const keys = await openFileKeyStore({
    dir: join(config.STUIVER_DATA_DIR, 'keys'),
    ...{ clock, random },
  });
  const bus = await KafkaBus.connect({
    brokers: config.KAFKA_BROKERS,
    clientId: `stuiver order ${config.STUIVER_REPLICA}`,
    deadLetters: new DeadLetters(databases.bus.pool),
    log,
  });
  const metrics = createMetrics(log);
  metrics.watch(consumerLagGauges(bus));
  metrics.watch(deadLetterGauges(databases.bus));
  const ledger = new HttpLedger({
    urls: config.LEDGER_URLS,
    credential: `order:${config.LEDGER_CREDENTIAL}`,
    log,
  });
  watchOrder(metrics, { database: databases.orders, clock });
  const stripe = stripeOf(config, clock);
  const modules = [
    OrderModule.with({
      ...{ bus, ledger, receipts: ledger, bookings: ledger, metrics, keys, clock, random, log },
      database: databases.orders,
      people: databases.people,
      psp: new StripePayIn(stripe),
      connect: new StripeConnect(stripe),
      ...cardFieldsOf(config),
      moneyMode: config.STUIVER_MONEY_MODE,
      crash: crashPointsOf(config.STUIVER_CRASH_AT),
      operatorToken: config.OPERATOR_TOKEN,
      publicUrl: config.PUBLIC_URL,
      frameUrlOf: frameUrlOf(config),
      sandbox: config.STUIVER_MONEY === 'sandbox',
      demoPayersFile: join(config.STUIVER_DATA_DIR, 'demo', 'payers.json'),
      staffKey: Buffer.from(config.STAFF_KEY, 'base64url'),
      ...oidcOf(config),
      ...mailOf(config),
      ...termsOf(config),
    }),
  ];
  return {
    app: await createServiceApp({
      ...{ modules, metrics, log, random, behindProxy: true },
      surfaces: [createV3Surface({ keys, clock, random })],
      ready: async () => {
        await Promise.all([databases.orders, databases.people].map((one) => one.query('select 1')));
      },
    }),
    close: async () => {
      await bus.close();
      ledger.close();
      await Promise.all(Object.values(databases).map((database: Database) => database.close()));
    },
  };
}

async function openDatabases(config: OrderConfig): Promise<Databases> {
  const open = (url: string, poolMax: number): Promise<Database> =>
    openDatabase({ url, applicationName: `stuiver order ${config.STUIVER_REPLICA}`, poolMax });
  const [orders, people, bus] = await Promise.all([
    open(config.DATABASE_URL, POOL_MAX.orders),
    open(config.PEOPLE_DATABASE_URL, POOL_MAX.people),
    open(config.BUS_DATABASE_URL, POOL_MAX.bus),
  ]);
  return { orders, people, bus };
}

function stripeOf(config: OrderConfig, clock: SystemClock): StripeOptions {
  const secretKey = config.STRIPE_SECRET_KEY;
  const apiBase = config.STRIPE_API_BASE === undefined ? null : new URL(config.STRIPE_API_BASE);
  return {
    ...{ secretKey, apiBase, clock, gate: stripeGate({ secretKey, apiBase }) },
    webhookSecret: config.STRIPE_WEBHOOK_SECRET_ORDER,
    timeoutMs: PSP_MS_MAX,
  };
}

function frameUrlOf({ PUBLIC_URL, FRAME_HOST_SUFFIX }: OrderConfig): (appid: string) => string {
  const { protocol, port } = new URL(PUBLIC_URL);
  const suffix = `${FRAME_HOST_SUFFIX}${port === '' ? '' : `:${port}`}/`;
  return (appid) => `${protocol}//${appid}${suffix}`;
}

function cardFieldsOf(config: OrderConfig): Pick<OrderOptions, 'cardFields'> {
  const { STRIPE_PUBLISHABLE_KEY: publishableKey, STRIPE_API_BASE: base } = config;
  if (publishableKey === undefined) return {};
  return { cardFields: stripeCardFields({ publishableKey, apiBase: base ? new URL(base) : null }) };
}

function oidcOf(config: OrderConfig): Pick<OrderOptions, 'oidc'> {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: secret } = config;
  if (issuer === undefined || clientId === undefined || secret === undefined) return {};
  return { oidc: { issuer, clientId, clientSecret: secret } };
}

function termsOf(config: OrderConfig): Pick<OrderOptions, 'fee' | 'invoiceFrom' | 'riskLimits'> {
  const { FEE_BASIS_POINTS: basisPoints, FEE_FIXED_MINOR: fixedMinor, INVOICE_FROM: from } = config;
  const fee = { basisPoints, fixedMinor };
  return {
    fee,
    ...(from === undefined ? {} : { invoiceFrom: from }),
    ...(config.RISK_LIMITS === undefined ? {} : { riskLimits: config.RISK_LIMITS }),
  };
}

function mailOf({ MAIL_URL, MAIL_FROM }: OrderConfig): Pick<OrderOptions, 'mailUrl' | 'mailFrom'> {
  return {
    ...(MAIL_URL === undefined ? {} : { mailUrl: MAIL_URL }),
    ...(MAIL_FROM === undefined ? {} : { mailFrom: MAIL_FROM }),
  };
}
