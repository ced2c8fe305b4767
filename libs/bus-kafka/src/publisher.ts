import { type Kafka, type Message, Partitioners, type Producer } from 'kafkajs';
import type { Log } from '@stuiver/ports';
import { within } from './client.js';

const OPEN_MS_MAX = 15_000;
const SEND_MS_MAX = 30_000;
const CLOSE_MS_MAX = 5_000;
/** kafkajs makes one batch per partition of whatever it is given, and a broker refuses batches over 1 MiB. */
const BATCH_BYTES_MAX = 1_000_000;
/** Around each message: lengths, timestamps, headers' names. */
const MESSAGE_OVERHEAD_BYTES = 200;
const ALL_IN_SYNC = -1;
const LEADER_TRIES_MAX = 5;
const LEADER_PAUSE_MS = 200;
/** Kafka's own names of it. */
const LEADER_MOVES = [
  'NOT_LEADER_FOR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'UNKNOWN_TOPIC_OR_PARTITION',
];

/**
 * Sends to Kafka, one request after the other. A producer that failed is thrown away with its sequence numbers, because
 * one that lost its place may never find it again; whoever sends does so again from the first unsent message, so order
 * per key holds and a repeat is all that can come of it.
 */
export class Publisher {
  private last: Promise<unknown> = Promise.resolve();
  private producer: Producer | undefined;

  constructor(private readonly options: { newKafka: () => Kafka; log: Log }) {}

  /** Resolves when all replicas in sync have them. */
  send(topic: string, messages: readonly Message[]): Promise<void> {
    const sent = this.last.then(() => this.sendToLeader(topic, messages));
    this.last = sent.catch(() => undefined);
    return sent;
  }

  async close(): Promise<void> {
    await this.last;
    await this.discard();
  }

  /** A topic that was just made, or whose broker just changed, tells an old leader for a moment. */
  private async sendToLeader(topic: string, messages: readonly Message[]): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        await this.sendNow(topic, messages);
        return;
      } catch (error) {
        if (tries === LEADER_TRIES_MAX || !isLeaderMoving(error)) throw error;
        await new Promise((resolve) => setTimeout(resolve, LEADER_PAUSE_MS * tries));
      }
    }
  }

  private async sendNow(topic: string, messages: readonly Message[]): Promise<void> {
    try {
      for (const batch of batchesOf(messages)) {
        const producer = await this.open();
        const request = producer.send({ topic, messages: batch, acks: ALL_IN_SYNC });
        await within(SEND_MS_MAX, `${topic}: send`, request);
      }
    } catch (error) {
      this.options.log.warn('Kafka producer is thrown away', { topic, reason: String(error) });
      void this.discard();
      throw error;
    }
  }

  private async open(): Promise<Producer> {
    if (this.producer !== undefined) return this.producer;
    const producer = this.options.newKafka().producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    this.producer = producer;
    await within(OPEN_MS_MAX, 'Kafka producer: connect', producer.connect());
    return producer;
  }

  private async discard(): Promise<void> {
    const { producer } = this;
    this.producer = undefined;
    if (producer === undefined) return;
    const closed = within(CLOSE_MS_MAX, 'Kafka producer: disconnect', producer.disconnect());
    await closed.catch(() => undefined);
  }
}

function isLeaderMoving(error: unknown): boolean {
  const { type, cause } = error as { type?: unknown; cause?: unknown };
  if (typeof type === 'string' && LEADER_MOVES.includes(type)) return true;
  return cause !== undefined && cause !== null && isLeaderMoving(cause);
}

function batchesOf(messages: readonly Message[]): Message[][] {
  const batches: Message[][] = [];
  let room = 0;
  for (const message of messages) {
    const bytes = bytesOf(message);
    const batch = batches.at(-1);
    if (batch === undefined || bytes > room) {
      batches.push([message]);
      room = BATCH_BYTES_MAX - bytes;
    } else {
      batch.push(message);
      room -= bytes;
    }
  }
  return batches;
}

function bytesOf({ key, value, headers }: Message): number {
  const texts = [key, value, ...Object.values(headers ?? {})].flat();
  return texts.reduce<number>(
    (sum, text) => sum + (text === null || text === undefined ? 0 : Buffer.byteLength(text)),
    MESSAGE_OVERHEAD_BYTES,
  );
}
