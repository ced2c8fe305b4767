import { topicOf, type StuiverEvent, type Topic } from '@stuiver/contracts';
import type { Log } from '@stuiver/ports';
import type { EventBus, RelayLag, Traces } from './event-bus.js';
import { Loop, type Turn } from './loop.js';

/** Gives events to the bus, with the traces under which they were said. */
export type Send = (events: readonly StuiverEvent[], traces?: Traces) => Promise<void>;

/** What has been said and not yet sent. */
export interface OutboxSource {
  /**
   * Hands at most `limit` unsent events to `send`, oldest first, and remembers that they went. While one process does
   * this, another gets none, so order holds. When `send` fails or the process dies, they are handed out again.
   *
   * @returns how many went.
   */
  relay(limit: number, send: Send): Promise<number>;
  lag(): Promise<RelayLag>;
  /** Drops what is sent and old, where the source keeps such rows. */
  tidy(): Promise<void>;
}

const EVENTS_PER_TURN_MAX = 200;
const IDLE_MS = 250;
const TURNS_PER_TIDY = 4_000;

/** Carries what a service said from its outbox to the bus: at least once, in order. */
export class Relay {
  private readonly loop: Loop;
  private turns = 0;

  constructor(
    private readonly options: { source: OutboxSource; bus: EventBus; log: Log; name: string },
  ) {
    this.loop = new Loop({
      name: `relay ${options.name}`,
      everyMs: IDLE_MS,
      log: options.log,
      turn: () => this.turn(),
    });
  }

  start(): void {
    this.loop.start();
  }

  /** Something was said just now. */
  wake(): void {
    this.loop.wake();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  private async turn(): Promise<Turn> {
    const { source, bus } = this.options;
    this.turns += 1;
    if (this.turns % TURNS_PER_TIDY === 0) await source.tidy();
    const sent = await source.relay(EVENTS_PER_TURN_MAX, async (events, traces) => {
      for (const [topic, part] of byTopic(events)) await bus.publish(topic, part, traces);
    });
    return sent === EVENTS_PER_TURN_MAX ? 'more' : 'idle';
  }
}

function byTopic(events: readonly StuiverEvent[]): Map<Topic, StuiverEvent[]> {
  const parts = new Map<Topic, StuiverEvent[]>();
  for (const event of events) {
    const topic = topicOf(event.type);
    const part = parts.get(topic);
    if (part === undefined) parts.set(topic, [event]);
    else part.push(event);
  }
  return parts;
}
