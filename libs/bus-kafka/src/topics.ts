import type { Admin } from 'kafkajs';
import { TOPICS, type Topic } from '@stuiver/contracts';

/** A subject keeps its partition only while their number stays, so this is chosen once, with room. */
export const PARTITIONS = 12;
/** A consumer that was away longer has lost events: an alert on its lag must come long before. */
export const EVENTS_KEPT_MS = 30 * 86_400_000;
export const DEAD_LETTERS_KEPT_MS = 90 * 86_400_000;
/** A copy of what PostgreSQL keeps, for whoever watches Kafka. */
export const DEAD_LETTER_TOPIC = 'stuiver.dead-letters';

/** The broker's own `default.replication.factor`: one on a laptop, three in a cluster. */
const REPLICAS_OF_BROKER = -1;

/** Creates what is missing and changes nothing that is there. */
export async function ensureTopics(admin: Admin): Promise<void> {
  const wanted = [...Object.values(TOPICS), DEAD_LETTER_TOPIC];
  const there = new Set(await admin.listTopics());
  const missing = wanted.filter((topic) => !there.has(topic));
  if (missing.length === 0) return;
  await admin.createTopics({
    waitForLeaders: true,
    topics: missing.map((topic) => ({
      topic,
      numPartitions: PARTITIONS,
      replicationFactor: REPLICAS_OF_BROKER,
      configEntries: [
        { name: 'cleanup.policy', value: 'delete' },
        {
          name: 'retention.ms',
          value: String(topic === DEAD_LETTER_TOPIC ? DEAD_LETTERS_KEPT_MS : EVENTS_KEPT_MS),
        },
      ],
    })),
  });
}

/** A consumer may read several topics; in one group kafkajs would assign every member the leader's topics only. */
export function groupOf({ consumer, topic }: { consumer: string; topic: Topic }): string {
  return `${topic}/${consumer}`;
}

export function readerOf(groupId: string): { consumer: string; topic: Topic } | undefined {
  const topic = Object.values(TOPICS).find((name) => groupId.startsWith(`${name}/`));
  return topic === undefined ? undefined : { topic, consumer: groupId.slice(topic.length + 1) };
}
