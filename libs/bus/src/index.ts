export { Loop, type LoopOptions, type Turn } from './loop.js';
export { type EventBus, type Subscriber, type Subscription } from './event-bus.js';
export { Outbox, type EventToSay, type OutboxOptions } from './outbox.js';
export { Relay, type OutboxSource } from './relay.js';
export { isFirstTime } from './inbox.js';
export { PostgresBus } from './postgres-bus.js';
/** The transport's own schema `bus`. */
export const BUS_MIGRATIONS = new URL('../migrations/', import.meta.url);
