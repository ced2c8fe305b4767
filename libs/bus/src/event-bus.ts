import type { EventType, StuiverEvent, Topic } from '@stuiver/contracts';

export interface Subscriber {
  /** Who reads: each consumer sees every event once it is subscribed, whatever others read. */
  readonly consumer: string;
  readonly topic: Topic;
  /** Other types on the topic are passed over. */
  readonly types: readonly EventType[];
  /**
   * Called for one event of a subject at a time, in order; again after a crash, so the effect must be idempotent. Runs
   * under the trace (`currentTrace`) under which the event was said.
   *
   * Throwing means "not yet": the event and all later ones of its subject wait, and it is tried again for as long as it
   * takes. Throwing `InvariantBroken` means "never": the event becomes a dead letter, as does what breaks its contract,
   * and later messages of its subject are parked until a person decides.
   */
  handle(event: StuiverEvent): Promise<void>;
}

export interface Subscription {
  /** Waits for the event in hand and stops. */
  stop(): Promise<void>;
}

/** By event id: the `traceparent` under which the event was said. */
export type Traces = ReadonlyMap<string, string>;

/**
 * Carries events between services: in order per subject, at least once. Which transport does it is chosen where a
 * process is wired; nothing here tells.
 */
export interface EventBus {
  /**
   * Resolves when the transport has them for good. Publishing an event again is allowed and has no effect.
   *
   * @throws z.ZodError when an event breaks its contract, EventTooLarge when no transport carries it.
   */
  publish(topic: Topic, events: readonly StuiverEvent[], traces?: Traces): Promise<void>;
  subscribe(subscriber: Subscriber): Subscription;
}

/** How far a consumer is behind. */
export interface ConsumerLag {
  readonly consumer: string;
  readonly topic: Topic;
  readonly messages: number;
  /** Since the oldest of them was sent; 0 when there is none. */
  readonly oldestAgeMs: number;
}

/** What has been said and is not sent yet. */
export interface RelayLag {
  readonly messages: number;
  /** Since the oldest of them was said; 0 when there is none. */
  readonly oldestAgeMs: number;
}

/** What both transports tell an operator. */
export interface BusLag {
  /** Every consumer that is subscribed here or ever was, from whichever process. */
  lag(): Promise<readonly ConsumerLag[]>;
}
