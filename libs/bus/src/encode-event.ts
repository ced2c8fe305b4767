import { parseEvent, type StuiverEvent } from '@stuiver/contracts';

/** What a Kafka broker takes unless told otherwise is 1 MiB, with what it puts around a message. */
export const EVENT_BYTES_MAX = 1_000_000;

/** No transport carries it, ever: the transaction that says it must not commit. */
export class EventTooLarge extends Error {
  override readonly name = 'EventTooLarge';

  constructor(eventId: string, bytes: number) {
    super(
      `event ${eventId} has ${String(bytes)} bytes; the limit is ${String(EVENT_BYTES_MAX)}: say an id and let the reader ask`,
    );
  }
}

/**
 * The text that travels.
 *
 * @throws z.ZodError naming field and rule, EventTooLarge naming event and size.
 */
export function encodeEvent(event: StuiverEvent): string {
  const text = JSON.stringify(parseEvent(event));
  const bytes = Buffer.byteLength(text);
  if (bytes > EVENT_BYTES_MAX) throw new EventTooLarge(event.id, bytes);
  return text;
}
