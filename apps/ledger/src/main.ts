import 'reflect-metadata';
import { join } from 'node:path';
import { consumerLagGauges, DeadLetters, deadLetterGauges } from '@stuiver/bus';
import { KafkaBus } from '@stuiver/bus-kafka';
import { openFileKeyStore } from '@stuiver/key-store-file';
import type { KeyStore, Log } from '@stuiver/ports';
import { crashPointsOf, SystemClock, SystemRandom } from '@stuiver/ports';
import { openDatabase } from '@stuiver/postgres';
import { type BuiltService, createServiceApp, runService } from '@stuiver/service';
import { createMetrics } from '@stuiver/telemetry';
import { peerSecretOf } from './adapters/http/peer-ledger.js';
import { watchLedger } from './adapters/metrics/ledger-gauges.js';
import { addressOf, type LedgerConfig, readConfig } from './config.js';
import { createLedger } from './create-ledger.js';
import { LedgerModule } from './ledger.module.js';

const POOL_MAX = 7;
const BUS_POOL_MAX = 2;

await runService(() => {
  const config = readConfig(process.env);
  return {
    name: 'ledger',
    host: config.STUIVER_HOST,
    port: config.PORT,
    logLevel: config.STUIVER_LOG,
    build: (log) => build(config, log),
  };
});

/** The folder of keys is the one that the other services use. */
async function keysOf(
  { STUIVER_DATA_DIR: dataDir }: LedgerConfig,
  tools: { clock: SystemClock; random: SystemRandom },
): Promise<{ keys?: KeyStore }> {
  if (dataDir === undefined) return {};
  return { keys: await openFileKeyStore({ dir: join(dataDir, 'keys'), ...tools }) };
}

/** The ledger alone: books what Order says over Kafka and what the others ask over HTTP. */
async function build(config: LedgerConfig, log: Log): Promise<BuiltService> {
  const clock = new SystemClock();
  const random = new SystemRandom();
  const applicationName = `stuiver ledger ${config.STUIVER_REPLICA}`;
  const [database, letters] = await Promise.all([
    openDatabase({ url: config.DATABASE_URL, applicationName, poolMax: POOL_MAX }),
    openDatabase({ url: config.BUS_DATABASE_URL, applicationName, poolMax: BUS_POOL_MAX }),
  ]);
  const bus = await KafkaBus.connect({
    brokers: config.KAFKA_BROKERS,
    clientId: applicationName,
    deadLetters: new DeadLetters(letters.pool),
    log,
  });
  const crash = crashPointsOf(config.STUIVER_CRASH_AT);
  const credentials = {
    order: config.LEDGER_CREDENTIAL_ORDER,
    payout: config.LEDGER_CREDENTIAL_PAYOUT,
  };
  const among = { address: addressOf(config), secret: peerSecretOf(credentials) };
  const keys = await keysOf(config, { clock, random });
  const ledger = createLedger({ database, bus, clock, log, crash, among, ...keys });
  const metrics = createMetrics(log);
  metrics.watch(consumerLagGauges(bus));
  metrics.watch(deadLetterGauges(letters));
  watchLedger(metrics, { database, clock, commandsWaiting: () => ledger.waitingCount() });
  const modules = [
    LedgerModule.with({ ledger, operatorToken: config.OPERATOR_TOKEN, credentials }),
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
      await Promise.all([database.close(), letters.close()]);
    },
  };
}
