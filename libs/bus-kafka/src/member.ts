import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { Delivered, Delivery, Subscriber } from '@stuiver/bus';
import type { Log } from '@stuiver/ports';
import { within } from './client.js';
import { PartitionWork } from './partition-work.js';
import { groupOf } from './topics.js';

/** The broker gives our partitions to others when it hears nothing for this long. */
const SESSION_MS = 10_000;
const HEARTBEAT_MS = 2_000;
/** How long others wait for us, and we for them, when the group changes. */
const REBALANCE_MS = 20_000;
/** Longer than any rebalance: then kafkajs is dead, whatever it says. */
const SILENCE_MS_MAX = 40_000;
const LOOKS_PER_SILENCE = 20;
const END_MS_MAX = 5_000;
/** One fetch brings at most what is there; a partition that goes on is fetched again after this. */
const FETCH_WAIT_MS_MAX = 200;
/** Quick work is done within the fetch. What takes longer is worked on while its partition is paused. */
const QUICK_MS_MAX = 200;
/** kafkajs has one place per partition to give a batch to. */
const PARTITIONS_AT_ONCE = 12;

export interface MemberOptions {
  readonly kafka: Kafka;
  readonly subscriber: Subscriber;
  readonly delivery: Delivery;
  readonly log: Log;
  readonly silenceMsMax?: number;
}

/**
 * One life of one kafkajs consumer as a member of its group. It ends when kafkajs crashes or falls silent; what follows
 * is a new one. kafkajs only fetches and keeps the membership: the work itself never holds it up.
 */
export class Member {
  /** Resolves with the reason when this consumer is of no more use. */
  readonly ended: Promise<string>;
  private end: (reason: string) => void = () => undefined;
  private readonly consumer: Consumer;
  private readonly works = new Map<number, PartitionWork>();
  private owned = new Set<number>();
  private memberId = '';
  private over = false;
  private heardAt = performance.now();
  private joined: Promise<void> = Promise.resolve();
  private openGate: () => void = () => undefined;
  private readonly watchdog: NodeJS.Timeout;

  constructor(private readonly options: MemberOptions) {
    this.ended = new Promise((resolve) => (this.end = resolve));
    this.consumer = options.kafka.consumer({
      groupId: groupOf(options.subscriber),
      sessionTimeout: SESSION_MS,
      heartbeatInterval: HEARTBEAT_MS,
      rebalanceTimeout: REBALANCE_MS,
      maxWaitTimeInMs: FETCH_WAIT_MS_MAX,
      allowAutoTopicCreation: false,
      // kafkajs would start the same object again, and after some errors would not: we make a new one after any.
      retry: { restartOnFailure: () => Promise.resolve(false) },
    });
    const { silenceMsMax = SILENCE_MS_MAX } = options;
    this.watchdog = setInterval(() => {
      if (performance.now() - this.heardAt > silenceMsMax) this.end('it fell silent');
    }, silenceMsMax / LOOKS_PER_SILENCE);
  }

  async start(): Promise<void> {
    const { consumer } = this;
    const { CRASH, HEARTBEAT, GROUP_JOIN, REBALANCING } = consumer.events;
    consumer.on(CRASH, ({ payload }) => {
      this.end(`it crashed: ${payload.error.message}`);
    });
    consumer.on(HEARTBEAT, () => {
      this.heardAt = performance.now();
    });
    consumer.on(REBALANCING, () => {
      this.closeGate();
    });
    consumer.on(GROUP_JOIN, ({ payload }) => {
      const owned = payload.memberAssignment[this.options.subscriber.topic] ?? [];
      this.join(payload.memberId, owned);
    });
    await consumer.connect();
    await consumer.subscribe({ topic: this.options.subscriber.topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
      eachBatch: (payload) => this.take(payload),
    });
  }

  /** Waits for the handlers in hand, commits what they did and leaves the group. */
  async stop(): Promise<void> {
    this.openGate();
    for (const work of this.works.values()) work.cancel();
    await Promise.all([...this.works.values()].map(({ settled }) => settled));
    this.over = true;
    clearInterval(this.watchdog);
    const left = within(END_MS_MAX, 'Kafka consumer: disconnect', this.consumer.disconnect());
    await left.catch((error: unknown) => {
      this.options.log.warn('Kafka consumer is abandoned', { reason: String(error) });
    });
  }

  /** Between a rebalance and its end nobody knows what is still ours: nothing new begins. */
  private closeGate(): void {
    this.openGate();
    this.joined = new Promise((resolve) => (this.openGate = resolve));
  }

  private join(memberId: string, owned: readonly number[]): void {
    this.heardAt = performance.now();
    this.owned = new Set(owned);
    // Under a new name we were away, and others may have gone on with any of it.
    const wasAway = memberId !== this.memberId;
    this.memberId = memberId;
    for (const [partition, work] of this.works) {
      if (wasAway || !this.owned.has(partition)) work.cancel();
    }
    this.openGate();
  }

  private async take(fetched: EachBatchPayload): Promise<void> {
    if (this.over) return;
    const { batch } = fetched;
    const { partition } = batch;
    const end = BigInt(batch.lastOffset()) + 1n;
    const work = this.begin(partition, batch.messages.map(deliveredOf(partition)), end);
    const outcome = await Promise.race([work.settled, pauseFor(QUICK_MS_MAX)]);
    if (outcome === true) fetched.resolveOffset(batch.lastOffset());
    if (outcome !== undefined) return;
    const resume = fetched.pause();
    work.settled
      .then((whole) => {
        if (this.over) return;
        if (whole && this.owned.has(partition)) this.seek(partition, end);
        resume();
      })
      // A kafkajs that crashed meanwhile can do neither; the next one begins where this one committed.
      .catch((error: unknown) => {
        this.end(`it cannot go on: ${String(error)}`);
      });
  }

  private begin(partition: number, messages: readonly Delivered[], end: bigint): PartitionWork {
    const { delivery, log } = this.options;
    const before = this.works.get(partition);
    // A second batch while the first is under way is one that was fetched anew: the first was taken away.
    before?.cancel();
    const work = new PartitionWork({
      ...{ partition, messages, end, log, after: before?.settled ?? Promise.resolve() },
      waitingSubjects: () => delivery.waitingSubjects(),
      deliver: (message, waiting) => delivery.deliver(message, waiting),
      gate: () => this.joined,
      commit: (offset) => this.commit(partition, offset),
    });
    this.works.set(partition, work);
    return work;
  }

  /** Only for what is ours: a broker would take it for any partition. */
  private async commit(partition: number, offset: bigint): Promise<void> {
    if (this.over || !this.owned.has(partition)) return;
    const { topic } = this.options.subscriber;
    await this.consumer.commitOffsets([{ topic, partition, offset: offset.toString() }]);
  }

  private seek(partition: number, offset: bigint): void {
    const { topic } = this.options.subscriber;
    this.consumer.seek({ topic, partition, offset: offset.toString() });
  }
}

type KafkaMessage = EachBatchPayload['batch']['messages'][number];

function deliveredOf(partition: number): (message: KafkaMessage) => Delivered {
  return ({ offset, key, value, headers }) => ({
    partition,
    position: offset,
    subject: key?.toString() ?? '',
    message: value?.toString() ?? '',
    traceparent: headers?.['traceparent']?.toString() ?? null,
  });
}

function pauseFor(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, ms, undefined));
}
