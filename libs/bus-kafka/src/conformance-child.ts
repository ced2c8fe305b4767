// A consumer over Kafka in a process of its own, started by the conformance suite.
import { DeadLetters, runChild } from '@stuiver/bus';
import { SilentLog } from '@stuiver/ports';
import { openDatabase } from '@stuiver/postgres';
import { KafkaBus } from './kafka-bus.js';

await runChild(process.argv[2], async ({ busUrl, brokers }) => {
  const { pool } = await openDatabase({ url: busUrl, applicationName: 'bus child', poolMax: 8 });
  const deadLetters = new DeadLetters(pool);
  return KafkaBus.connect({ brokers, clientId: 'child', log: new SilentLog(), deadLetters });
});
