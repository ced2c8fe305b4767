import { z } from 'zod';
import { InstantField, TOPICS, type Envelope, type Topic } from './envelope.js';
import { LEDGER_EVENTS } from './ledger-events.js';
import { ORDER_EVENTS } from './order-events.js';
import { PAYOUT_EVENTS } from './payout-events.js';

/** Every event that may be said, by type. A type that is not here cannot be sent. */
export const EVENTS = { ...ORDER_EVENTS, ...LEDGER_EVENTS, ...PAYOUT_EVENTS } as const;

export type EventType = keyof typeof EVENTS;
export type EventData<Type extends EventType> = z.infer<(typeof EVENTS)[Type]>;
export type StuiverEvent = { [Type in EventType]: Envelope<Type, EventData<Type>> }[EventType];

export function topicOf(type: EventType): Topic {
  if (type in ORDER_EVENTS) return TOPICS.order;
  return type in LEDGER_EVENTS ? TOPICS.ledger : TOPICS.payout;
}

export function isEventType(text: string): text is EventType {
  return Object.hasOwn(EVENTS, text);
}

const EnvelopeSchema = z.strictObject({
  specversion: z.literal('1.0'),
  id: z.uuid(),
  source: z.enum(['/stuiver/order', '/stuiver/ledger', '/stuiver/payout']),
  type: z.string().refine(isEventType, 'an event type in the catalogue'),
  subject: z.string().min(1),
  time: InstantField,
  datacontenttype: z.literal('application/json'),
  data: z.unknown(),
});

/**
 * Checks what is about to be sent, or was received.
 *
 * @throws z.ZodError naming field and rule. A received message that fails can never succeed: dead letter.
 */
export function parseEvent(message: unknown): StuiverEvent {
  const envelope = EnvelopeSchema.parse(message);
  const data = EVENTS[envelope.type].parse(envelope.data);
  return { ...envelope, data } as StuiverEvent;
}
