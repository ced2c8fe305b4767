export { Loop, type LoopOptions, type Turn } from './loop.js';
export {
  type BusLag,
  type ConsumerLag,
  type EventBus,
  type RelayLag,
  type Subscriber,
  type Subscription,
  type Traces,
} from './event-bus.js';
export { encodeEvent, EventTooLarge, EVENT_BYTES_MAX } from './encode-event.js';
export { Outbox, type EventToSay, type OutboxOptions } from './outbox.js';
export { Relay, type OutboxSource, type Send } from './relay.js';
export { isFirstTime } from './inbox.js';
export { PostgresBus } from './postgres-bus.js';
export { DeadLetters, type Delivered } from './dead-letters.js';
export {
  dropDeadLetter,
  listDeadLetters,
  type OpenLetter,
  replayDeadLetter,
} from './dead-letter-desk.js';
export { Delivery } from './delivery.js';
export { type LaneFailure, workLanes } from './lanes.js';
/** The transport's own schema `bus`. */
export const BUS_MIGRATIONS = new URL('../migrations/', import.meta.url);
export { OUTBOX_GAUGES, outboxGauges } from './outbox-gauges.js';
export { consumerLagGauges, deadLetterGauges } from './bus-gauges.js';
export {
  BUS_FACTS,
  type BusWorld,
  type ChildOptions,
  type ChildPlan,
  type ChildProcess,
  makeEffects,
  runChild,
  spawnChild,
  tracked,
} from './conformance.js';
