import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SilentLog } from '@stuiver/ports';
import { freePort, startKafkaBroker, type KafkaBroker } from './index.js';

describe('a Kafka broker of our own', () => {
  let dataDir: string;
  let ports: { port: number; controllerPort: number };
  const log = new SilentLog();
  const clusterId = () => readFile(join(dataDir, 'kafka', 'cluster-id'), 'utf8');
  const start = (): Promise<KafkaBroker> => startKafkaBroker({ dataDir, ...ports, log });

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'stuiver-kafka-'));
    ports = { port: await freePort(), controllerPort: await freePort() };
  });

  afterAll(() => rm(dataDir, { recursive: true }));

  it('carries on with the same store after a kill, and one that runs is adopted', async () => {
    const first = await start();
    const formatted = await clusterId();
    expect((await start()).pid).toBe(first.pid);
    first.kill('SIGKILL');
    const second = await start();
    expect(second.pid).not.toBe(first.pid);
    expect(await clusterId()).toBe(formatted);
    await second.stop();
    await expect(startKafkaBroker({ dataDir, port: 1, controllerPort: 1, log })).rejects.toThrow(
      'the Kafka broker does not start',
    );
  });
});
