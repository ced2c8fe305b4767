import type { Kafka, Message } from 'kafkajs';
import {
  type BusLag,
  type ConsumerLag,
  type DeadLetters,
  type Delivered,
  Delivery,
  encodeEvent,
  EVENT_BYTES_MAX,
  type EventBus,
  type Subscriber,
  type Subscription,
  type Traces,
} from '@stuiver/bus';
import type { StuiverEvent, Topic } from '@stuiver/contracts';
import { type Clock, SystemClock } from '@stuiver/ports';
import { type ClientOptions, newKafka, withAdmin } from './client.js';
import { lagOf } from './lag.js';
import { Publisher } from './publisher.js';
import { Reading } from './reading.js';
import { DEAD_LETTER_TOPIC, ensureTopics } from './topics.js';

export interface KafkaBusOptions extends ClientOptions {
  /** Where what cannot be handled waits for a person; shared with the PostgreSQL transport. */
  readonly deadLetters: DeadLetters;
  /** For the age of what waits. */
  readonly clock?: Clock;
}

const HEADER_CHARACTERS_MAX = 2_000;

/**
 * The bus over Kafka. Each event is keyed by its subject, so a subject has one partition and one order. Nothing here
 * gives up: a broker that is away delays, and the outbox keeps what is not sent.
 */
export class KafkaBus implements EventBus, BusLag {
  private readonly newKafka: () => Kafka;
  private readonly publisher: Publisher;
  private readonly readings = new Set<Reading>();
  private topics: Promise<void> | undefined;

  private constructor(private readonly options: KafkaBusOptions) {
    this.newKafka = () => newKafka(options);
    this.publisher = new Publisher({ newKafka: this.newKafka, log: options.log });
  }

  /** Also resolves when no broker answers: a service must start, and take orders, without one. */
  static async connect(options: KafkaBusOptions): Promise<KafkaBus> {
    const bus = new KafkaBus(options);
    await bus.ensureTopics().catch((error: unknown) => {
      options.log.warn('no Kafka broker answers yet', { reason: String(error) });
    });
    return bus;
  }

  async publish(topic: Topic, events: readonly StuiverEvent[], traces?: Traces): Promise<void> {
    const messages = events.map((event): Message => {
      const trace = traces?.get(event.id);
      const headers = trace === undefined ? {} : { headers: { traceparent: trace } };
      return { key: event.subject, value: encodeEvent(event), ...headers };
    });
    await this.ensureTopics();
    await this.publisher.send(topic, messages);
  }

  subscribe(subscriber: Subscriber): Subscription {
    const { log, deadLetters: letters } = this.options;
    const tellDeath = (delivered: Delivered, reason: string): Promise<void> =>
      this.publisher.send(DEAD_LETTER_TOPIC, [deathNotice(subscriber, delivered, reason)]);
    const reading = new Reading({
      newKafka: this.newKafka,
      subscriber,
      delivery: new Delivery({ subscriber, letters, log, tellDeath }),
      log,
      prepare: () => this.ensureTopics(),
    });
    this.readings.add(reading);
    return {
      stop: async () => {
        this.readings.delete(reading);
        await reading.stop();
      },
    };
  }

  async lag(): Promise<readonly ConsumerLag[]> {
    const clock = this.options.clock ?? new SystemClock();
    return withAdmin(this.newKafka(), (admin) => lagOf(admin, clock));
  }

  /** Stops every consumer and sends what is under way. */
  async close(): Promise<void> {
    await Promise.all([...this.readings].map((reading) => reading.stop()));
    await this.publisher.close();
  }

  /** Once; after a failure again. */
  private ensureTopics(): Promise<void> {
    this.topics ??= withAdmin(this.newKafka(), ensureTopics).catch((error: unknown) => {
      this.topics = undefined;
      throw error;
    });
    return this.topics;
  }
}

/** What a person who watches Kafka sees; PostgreSQL has the letter itself, also when it is too large to be sent on. */
function deathNotice(
  { consumer, topic }: Subscriber,
  delivered: Delivered,
  reason: string,
): Message {
  const { subject, message, partition, position, traceparent } = delivered;
  const fits = Buffer.byteLength(message) + Buffer.byteLength(subject) <= EVENT_BYTES_MAX;
  return {
    key: fits ? subject : null,
    value: fits ? message : null,
    headers: {
      reason: reason.slice(0, HEADER_CHARACTERS_MAX),
      ...{ consumer, topic, partition: String(partition), offset: position },
      ...(traceparent === null ? {} : { traceparent }),
    },
  };
}
