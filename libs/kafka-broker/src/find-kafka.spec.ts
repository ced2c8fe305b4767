import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SilentLog } from '@stuiver/ports';
import { findKafka, startKafkaBroker } from './index.js';

describe('what a Kafka broker needs', () => {
  it('is told in one line, with what brings it, when it is not here', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'stuiver-no-kafka-'));
    const found = findKafka({ jarsDir: empty });
    expect(found).toEqual({ missing: expect.stringMatching(/^no Kafka here: .*provision\.mjs/) });
    const ports = { port: 1, controllerPort: 1 };
    const started = startKafkaBroker({
      ...ports,
      dataDir: empty,
      jarsDir: empty,
      log: new SilentLog(),
    });
    await expect(started).rejects.toThrow('no Kafka here');
    await rm(empty, { recursive: true });
  });
});
