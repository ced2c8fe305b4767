import 'reflect-metadata';
import { join } from 'node:path';
import { consumerLagGauges, DeadLetters, deadLetterGauges } from '@stuiver/bus';
import { KafkaBus } from '@stuiver/bus-kafka';
import { openFileKeyStore } from '@stuiver/key-store-file';
import { HttpLedger } from '@stuiver/ledger-client';
import { crashPointsOf, type Log, SystemClock, SystemRandom } from '@stuiver/ports';
import { openDatabase } from '@stuiver/postgres';
import { StripeAccount, StripeConnect, stripeGate, type StripeOptions } from '@stuiver/psp-stripe';
import { type BuiltService, createServiceApp, runService } from '@stuiver/service';
import { StaffSessions } from '@stuiver/staff';
import { createMetrics } from '@stuiver/telemetry';
import { type PayoutConfig, readConfig } from './config.js';
import { PayoutModule } from './payout.module.js';

const PSP_MS_MAX = 12_000;
const POOL_MAX = 6;
const BUS_POOL_MAX = 2;

await runService(() => {
  const config = readConfig(process.env);
  return {
    name: 'payout',
    host: config.STUIVER_HOST,
    port: config.PORT,
    logLevel: config.STUIVER_LOG,
    build: (log) => build(config, log),
  };
});

async function build(config: PayoutConfig, log: Log): Promise<BuiltService> {
  const clock = new SystemClock();
  const random = new SystemRandom();
  const applicationName = `stuiver payout ${config.STUIVER_REPLICA}`;
  const [database, letters] = await Promise.all([
    openDatabase({ url: config.DATABASE_URL, applicationName, poolMax: POOL_MAX }),
    openDatabase({ url: config.BUS_DATABASE_URL, applicationName, poolMax: BUS_POOL_MAX }),
  ]);
  const { STUIVER_DATA_DIR: dataDir } = config;
  const sandbox = config.STUIVER_MONEY === 'sandbox';
  const keys = await openFileKeyStore({ dir: join(dataDir, 'keys'), clock, random });
  const bus = await KafkaBus.connect({
    brokers: config.KAFKA_BROKERS,
    clientId: applicationName,
    deadLetters: new DeadLetters(letters.pool),
    log,
  });
  const metrics = createMetrics(log);
  metrics.watch(consumerLagGauges(bus));
  metrics.watch(deadLetterGauges(letters));
  const ledger = new HttpLedger({
    urls: config.LEDGER_URLS,
    credential: `payout:${config.LEDGER_CREDENTIAL}`,
    log,
  });
  const stripe = stripeOf(config, clock);
  const modules = [
    PayoutModule.with({
      ...{ bookings: ledger, books: ledger },
      ...{ database, bus, ledger, keys, clock, random, log, dataDir, metrics },
      crash: crashPointsOf(config.STUIVER_CRASH_AT),
      operatorToken: config.OPERATOR_TOKEN,
      debtor: { name: config.DEBTOR_NAME, iban: config.DEBTOR_IBAN },
      sandbox,
      moneyMode: config.STUIVER_MONEY_MODE,
      ...(config.STUIVER_PAYOUT_PREFUNDING && { prefunding: config.STUIVER_PAYOUT_PREFUNDING }),
      pspAccount: new StripeAccount(stripe),
      merchantAccounts: new StripeConnect(stripe),
      staff: new StaffSessions({
        ...{ clock, sandbox, publicUrl: config.PUBLIC_URL },
        key: Buffer.from(config.STAFF_KEY, 'base64url'),
      }),
    }),
  ];
  return {
    app: await createServiceApp({
      ...{ modules, metrics, log, random, behindProxy: true },
      ready: async () => {
        await database.query('select 1');
      },
    }),
    close: async () => {
      await bus.close();
      ledger.close();
      await Promise.all([database.close(), letters.close()]);
    },
  };
}

function stripeOf(config: PayoutConfig, clock: SystemClock): StripeOptions {
  const secretKey = config.STRIPE_SECRET_KEY;
  const apiBase = config.STRIPE_API_BASE === undefined ? null : new URL(config.STRIPE_API_BASE);
  return {
    ...{ secretKey, apiBase, clock, gate: stripeGate({ secretKey, apiBase }) },
    webhookSecret: config.STRIPE_WEBHOOK_SECRET_PAYOUT,
    timeoutMs: PSP_MS_MAX,
  };
}
