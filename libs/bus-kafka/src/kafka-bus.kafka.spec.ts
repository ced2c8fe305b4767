import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import {
  BUS_FACTS,
  type BusLag,
  type BusWorld,
  DeadLetters,
  type EventBus,
  makeEffects,
  spawnChild,
  tracked,
} from '@stuiver/bus';
import { freePort, type KafkaBroker, startKafkaBroker } from '@stuiver/kafka-broker';
import { SilentLog } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import { eventually, REPOSITORY_ROOT, testDatabase, type TestDatabase } from '@stuiver/testing';
import { KafkaBus } from './index.js';

const log = new SilentLog();
const CHILD = join(REPOSITORY_ROOT, 'libs/bus-kafka/dist/conformance-child.js');
const FACT_MS_MAX = 180_000;
/** How long the broker is away: half of it as one that hangs, half as one that is dead. The soak takes 120,000. */
const AWAY_MS = Number.parseInt(process.env['STUIVER_BROKER_AWAY_MS'] ?? '20000', 10);

describe('the bus over Kafka', () => {
  let dataDir: string;
  let ports: { port: number; controllerPort: number };
  let broker: KafkaBroker;
  let db: TestDatabase;
  let database: Database;
  let store: Database;
  let leftovers: (() => Promise<void>)[];
  const start = (): Promise<KafkaBroker> => startKafkaBroker({ dataDir, ...ports, log });

  beforeAll(async () => {
    await promisify(execFile)(process.execPath, [join(REPOSITORY_ROOT, 'tools/build.mjs')]);
    dataDir = await mkdtemp(join(tmpdir(), 'stuiver-kafka-'));
    ports = { port: await freePort(), controllerPort: await freePort() };
    broker = await start();
  }, FACT_MS_MAX);

  afterAll(async () => {
    await broker.stop();
    await rm(dataDir, { recursive: true });
  });

  beforeEach(async () => {
    leftovers = [];
    db = await testDatabase();
    await makeEffects(db.adminUrl);
    database = await db.open('orders');
    store = await db.open('bus', { poolMax: 10 });
  });

  afterEach(async () => {
    await Promise.all(leftovers.map((end) => end()));
    await db.close();
  }, FACT_MS_MAX);

  async function connect(): Promise<EventBus & BusLag & { close(): Promise<void> }> {
    const kafka = await KafkaBus.connect({
      brokers: broker.brokers,
      clientId: 'conformance',
      log,
      deadLetters: new DeadLetters(store.pool),
    });
    const { bus, stopAll } = tracked(kafka);
    leftovers.push(stopAll, () => kafka.close());
    return { ...bus, close: () => kafka.close() };
  }

  async function world(): Promise<BusWorld> {
    return {
      bus: await connect(),
      database,
      letters: store.pool,
      another: connect,
      slip: (subject, message) => slip(broker.brokers, subject, message),
      outage: async () => {
        broker.kill('SIGSTOP');
        await passes(AWAY_MS / 2);
        broker.kill('SIGCONT');
        broker.kill('SIGKILL');
        await passes(AWAY_MS / 2);
        broker = await start();
      },
      spawn: (options) => {
        const urls = { effectsUrl: db.url('orders'), busUrl: db.url('bus') };
        const child = spawnChild(CHILD, { ...options, ...urls, brokers: [...broker.brokers] });
        leftovers.push(() => child.kill());
        return child;
      },
    };
  }

  it.each([...BUS_FACTS])(
    '$name',
    async ({ prove }) => prove(await world()),
    FACT_MS_MAX + AWAY_MS,
  );
});

/** As a stranger would: straight to the topic. */
async function slip(brokers: readonly string[], key: string, value: string): Promise<void> {
  const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING });
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic: 'stuiver.order', messages: [{ key, value }] });
  await producer.disconnect();
}

async function passes(ms: number): Promise<void> {
  const over = performance.now() + ms;
  await eventually('the time is over', () => performance.now() > over, ms + 5_000);
}
