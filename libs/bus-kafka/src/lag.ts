import type { Admin } from 'kafkajs';
import type { ConsumerLag } from '@stuiver/bus';
import type { Topic } from '@stuiver/contracts';
import type { Clock } from '@stuiver/ports';
import { EVENTS_KEPT_MS, groupOf, readerOf } from './topics.js';

/** Halving the logarithm of an age that many times finds it to a hundredth. */
const GUESSES = 11;
const AGE_MS_MIN = 100;

interface Behind {
  readonly partition: number;
  /** The first offset that is not dealt with. */
  readonly offset: bigint;
  readonly messages: bigint;
}

/** How far every group of ours is behind, as the broker counts. */
export async function lagOf(admin: Admin, clock: Clock): Promise<ConsumerLag[]> {
  const { groups } = await admin.listGroups();
  const readers = groups.flatMap(({ groupId }) => readerOf(groupId) ?? []);
  const lags: ConsumerLag[] = [];
  for (const { consumer, topic } of readers) {
    const behind = await behindOf(admin, { consumer, topic });
    const messages = behind.reduce((sum, part) => sum + part.messages, 0n);
    const oldestAgeMs = await ageOf(admin, topic, { behind, nowMs: clock.now().getTime() });
    lags.push({ consumer, topic, messages: Number(messages), oldestAgeMs });
  }
  return lags;
}

async function behindOf(
  admin: Admin,
  reader: { consumer: string; topic: Topic },
): Promise<readonly Behind[]> {
  const { topic } = reader;
  const [ends, groups] = await Promise.all([
    admin.fetchTopicOffsets(topic),
    admin.fetchOffsets({ groupId: groupOf(reader), topics: [topic] }),
  ]);
  const committed = new Map(
    groups.flatMap(({ partitions }) =>
      partitions.map(({ partition, offset }) => [partition, BigInt(offset)] as const),
    ),
  );
  return ends.flatMap(({ partition, high, low }) => {
    const known = committed.get(partition) ?? -1n;
    const offset = known < BigInt(low) ? BigInt(low) : known;
    const messages = BigInt(high) - offset;
    return messages > 0n ? [{ partition, offset, messages }] : [];
  });
}

/** A broker tells which offset a time has, not which time an offset has: so the age is guessed, ever more closely. */
async function ageOf(
  admin: Admin,
  topic: Topic,
  { behind, nowMs }: { behind: readonly Behind[]; nowMs: number },
): Promise<number> {
  if (behind.length === 0) return 0;
  let younger = Math.log(AGE_MS_MIN);
  let older = Math.log(EVENTS_KEPT_MS);
  for (let guess = 0; guess < GUESSES; guess += 1) {
    const age = (younger + older) / 2;
    const since = Math.floor(nowMs - Math.exp(age));
    if (await hasOlder(admin, topic, { behind, since })) younger = age;
    else older = age;
  }
  return Math.round(Math.exp(younger));
}

async function hasOlder(
  admin: Admin,
  topic: Topic,
  { behind, since }: { behind: readonly Behind[]; since: number },
): Promise<boolean> {
  const found = await admin.fetchTopicOffsetsByTimestamp(topic, since);
  const offsets = new Map(found.map(({ partition, offset }) => [partition, BigInt(offset)]));
  return behind.some(({ partition, offset }) => offset < (offsets.get(partition) ?? 0n));
}
