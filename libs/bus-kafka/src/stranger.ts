// What somebody with ordinary Kafka tools sees of us, and may do to us. For tests.
import { type Admin, ConfigResourceTypes, Kafka, logLevel } from 'kafkajs';

function strangerOf(brokers: readonly string[]): Kafka {
  return new Kafka({ brokers: [...brokers], clientId: 'stranger', logLevel: logLevel.NOTHING });
}

/** Puts a message on a topic past every check of ours. */
export async function slip(
  brokers: readonly string[],
  said: { topic: string; key: string; value: string },
): Promise<void> {
  const producer = strangerOf(brokers).producer();
  await producer.connect();
  await producer.send({ topic: said.topic, messages: [{ key: said.key, value: said.value }] });
  await producer.disconnect();
}

async function onAdmin<T>(
  brokers: readonly string[],
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  const admin = strangerOf(brokers).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

/** The names that the broker gave the group's members: a new one for whoever was thrown out and came back. */
export function membersOf(brokers: readonly string[], groupId: string): Promise<string[]> {
  return onAdmin(brokers, async (admin) => {
    const { groups } = await admin.describeGroups([groupId]);
    return groups.flatMap(({ members }) => members.map(({ memberId }) => memberId));
  });
}

export function topicsOf(
  brokers: readonly string[],
): Promise<Record<string, { partitions: number; keptMs: number }>> {
  return onAdmin(brokers, async (admin) => {
    const { topics } = await admin.fetchTopicMetadata();
    const ours = topics.filter(({ name }) => name.startsWith('stuiver.'));
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: ours.map(({ name }) => ({
        type: ConfigResourceTypes.TOPIC,
        name,
        configNames: ['retention.ms'],
      })),
    });
    const kept = new Map(
      resources.map(({ resourceName, configEntries }) => [
        resourceName,
        Number(configEntries[0]?.configValue),
      ]),
    );
    return Object.fromEntries(
      ours.map(({ name, partitions }) => [
        name,
        { partitions: partitions.length, keptMs: kept.get(name) ?? 0 },
      ]),
    );
  });
}

/** The first message of a topic with this header, as text. */
export async function firstWith(
  brokers: readonly string[],
  topic: string,
  [header, text]: readonly [string, string],
): Promise<Record<string, string>> {
  const consumer = strangerOf(brokers).consumer({ groupId: `stranger-${text}` });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const found = new Promise<Record<string, string>>((resolve) => {
    void consumer.run({
      eachMessage: ({ message }) => {
        const headers = Object.entries(message.headers ?? {});
        const texts = Object.fromEntries(headers.map(([name, value]) => [name, String(value)]));
        const { key, value } = message;
        if (texts[header] === text) resolve({ ...texts, key: String(key), value: String(value) });
        return Promise.resolve();
      },
    });
  });
  try {
    return await found;
  } finally {
    await consumer.disconnect();
  }
}
