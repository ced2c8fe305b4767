import type { EventType, StuiverEvent, Topic } from '@stuiver/contracts';

export interface Subscriber {
  /** Who reads: each consumer sees every event once it is subscribed, whatever others read. */
  readonly consumer: string;
  readonly topic: Topic;
  /** Other types on the topic are passed over. */
  readonly types: readonly EventType[];
  /**
   * Called for one event of a subject at a time, in order; again after a crash, so the effect must be idempotent.
   * Throwing means "not yet": the event and all later ones wait, and it is tried again for as long as it takes.
   */
  handle(event: StuiverEvent): Promise<void>;
}

export interface Subscription {
  /** Waits for the event in hand and stops. */
  stop(): Promise<void>;
}

/**
 * Carries events between services: in order per subject, at least once. Which transport does it is chosen where a
 * process is wired; nothing here tells.
 */
export interface EventBus {
  /** Resolves when the transport has them for good. Publishing an event again is allowed and has no effect. */
  publish(topic: Topic, events: readonly StuiverEvent[]): Promise<void>;
  subscribe(subscriber: Subscriber): Subscription;
}
