import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
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
import { SilentLog, SystemClock } from '@stuiver/ports';
import type { StuiverEvent } from '@stuiver/contracts';
import type { Database } from '@stuiver/postgres';
import { eventually, REPOSITORY_ROOT, testDatabase, type TestDatabase } from '@stuiver/testing';
import {
  DEAD_LETTER_TOPIC,
  DEAD_LETTERS_KEPT_MS,
  EVENTS_KEPT_MS,
  KafkaBus,
  PARTITIONS,
} from './index.js';
import { firstWith, membersOf, slip, topicsOf } from './stranger.js';

const log = new SilentLog();
const CHILD = join(REPOSITORY_ROOT, 'libs/bus-kafka/dist/conformance-child.js');
const FACT_MS_MAX = 180_000;
/** Longer than the broker waits for a sign of life. */
const PAST_A_SESSION_MS = 12_000;
const GROUP = 'stuiver.payout/waiting';
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
      slip: (key, value) => slip(broker.brokers, { topic: 'stuiver.order', key, value }),
      outageMs: AWAY_MS,
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

  it('stays a member of its group while an event waits longer than a session', async () => {
    const bus = await connect();
    let tries = 0;
    const subscription = bus.subscribe({
      ...{ consumer: 'waiting', topic: 'stuiver.payout', types: ['payout.approved.v1'] },
      handle: () => {
        tries += 1;
        return Promise.reject(new Error('not yet'));
      },
    });
    await bus.publish('stuiver.payout', [approvedEvent()]);
    await eventually('it is tried', () => tries > 0, 20_000);
    const before = await membersOf(broker.brokers, GROUP);
    await passes(PAST_A_SESSION_MS);
    expect(await membersOf(broker.brokers, GROUP)).toEqual(before);
    expect(before).toHaveLength(1);
    const lag = await bus.lag();
    expect(lag.find(({ consumer }) => consumer === 'waiting')?.messages).toBe(1);
    await subscription.stop();
  });

  it('makes its topics as stated, and tells a dead letter to Kafka too', async () => {
    const bus = await connect();
    const subscription = bus.subscribe({
      ...{ consumer: 'strict', topic: 'stuiver.ledger', types: ['ledger.transfer-posted.v1'] },
      handle: () => Promise.resolve(),
    });
    const poison = { topic: 'stuiver.ledger', key: 'merchant:1', value: 'nonsense' };
    await slip(broker.brokers, poison);
    const letter = await firstWith(broker.brokers, DEAD_LETTER_TOPIC, ['consumer', 'strict']);
    expect(letter).toEqual({
      ...{ key: 'merchant:1', value: 'nonsense', consumer: 'strict', topic: 'stuiver.ledger' },
      ...{ reason: expect.stringMatching(/^cannot be read: /), offset: '0' },
      partition: expect.stringMatching(/^\d+$/),
    });
    await subscription.stop();
    expect(await topicsOf(broker.brokers)).toEqual({
      'stuiver.order': { partitions: PARTITIONS, keptMs: EVENTS_KEPT_MS },
      'stuiver.ledger': { partitions: PARTITIONS, keptMs: EVENTS_KEPT_MS },
      'stuiver.payout': { partitions: PARTITIONS, keptMs: EVENTS_KEPT_MS },
      'stuiver.dead-letters': { partitions: PARTITIONS, keptMs: DEAD_LETTERS_KEPT_MS },
    });
  });

  it('is there when no broker answers, and refuses to send rather than lose', async () => {
    const brokers = [`127.0.0.1:${String(await freePort())}`];
    const deadLetters = new DeadLetters(store.pool);
    const bus = await KafkaBus.connect({ brokers, clientId: 'early', log, deadLetters });
    await expect(bus.publish('stuiver.payout', [approvedEvent()])).rejects.toThrow('Connection');
    await bus.close();
  });
});

function approvedEvent(): StuiverEvent {
  const at = new SystemClock().now().toISOString();
  return {
    ...{ specversion: '1.0', id: randomUUID(), source: '/stuiver/payout', time: at },
    ...{ type: 'payout.approved.v1', subject: '1900000001', datacontenttype: 'application/json' },
    data: {
      ...{ payoutId: 'po_1', batchId: 'pb_1', merchantId: '1900000001' },
      ...{ amountMinor: '100', currency: 'EUR', approvedAt: at },
    },
  };
}

async function passes(ms: number): Promise<void> {
  const over = performance.now() + ms;
  await eventually('the time is over', () => performance.now() > over, ms + 5_000);
}
