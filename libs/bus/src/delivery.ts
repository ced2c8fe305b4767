import { z } from 'zod';
import { parseEvent, type StuiverEvent } from '@stuiver/contracts';
import { InvariantBroken } from '@stuiver/errors';
import { type Log, traceIdOf, withTrace } from '@stuiver/ports';
import type { DeadLetters, DecidedLetter, Delivered } from './dead-letters.js';
import type { Subscriber } from './event-bus.js';
import { Loop, type Turn } from './loop.js';

export interface DeliveryOptions {
  readonly subscriber: Subscriber;
  readonly letters: DeadLetters;
  readonly log: Log;
  /** Tells a new dead letter elsewhere too; again after a crash. */
  readonly tellDeath?: (delivered: Delivered, reason: string) => Promise<void>;
}

/** What came of an attempt. `reason`: it can never succeed, and why. */
type Attempt = { readonly done: true } | { readonly done: false; readonly reason: string };

type Read =
  { readonly event: StuiverEvent } | { readonly passOver: true } | { readonly reason: string };

const DONE: Attempt = { done: true };
/** A name that a newer version of a service may say, and older readers need not know. */
const TYPE_NAME = /^[a-z][a-z.-]*\.v\d+$/;
const REPLAY_EVERY_MS = 1_000;

/** The way from a transport's message to a consumer's handler, the same for every transport. */
export class Delivery {
  constructor(private readonly options: DeliveryOptions) {}

  /** To be asked once per page, and passed to `deliver`. */
  waitingSubjects(): Promise<Set<string>> {
    return this.options.letters.waitingSubjects(this.options.subscriber);
  }

  /**
   * When this resolves, the message is dealt with: handled, passed over, dead or parked.
   *
   * @throws whatever the handler threw as "not yet".
   */
  async deliver(delivered: Delivered, waiting: Set<string>): Promise<void> {
    const { subscriber, letters, log, tellDeath } = this.options;
    const read = this.read(delivered.message);
    if ('passOver' in read) return;
    if (waiting.has(delivered.subject) && (await letters.park(subscriber, delivered))) return;
    const attempt = await this.attempt(delivered, read);
    if (attempt.done) return;
    const { consumer, topic } = subscriber;
    const { partition, position } = delivered;
    log.error('event is a dead letter', { consumer, topic, partition, position });
    await letters.put(subscriber, delivered, attempt.reason);
    waiting.add(delivered.subject);
    await tellDeath?.(delivered, attempt.reason);
  }

  /** Does what a person decided about dead letters, also while nothing new comes. */
  replayLoop(): Loop {
    const { subscriber, log } = this.options;
    return new Loop({
      name: `replay ${subscriber.consumer}`,
      everyMs: REPLAY_EVERY_MS,
      log,
      turn: () => this.replayDecided(),
    });
  }

  private async replayDecided(): Promise<Turn> {
    const { letters, subscriber, log } = this.options;
    const failures: unknown[] = [];
    await letters.workDecided(subscriber, async (decided) => {
      for (const letter of decided) {
        // One that must wait holds up no other.
        await this.replay(letter).catch((error: unknown) => {
          log.error('replay must wait', { id: letter.id, consumer: subscriber.consumer }, error);
          failures.push(error);
        });
      }
    });
    if (failures.length > 0) throw new Error('not all replays are done', { cause: failures[0] });
    return 'idle';
  }

  /** The letter, unless it is dropped, and then all that is parked behind it, in order. */
  private async replay(letter: DecidedLetter): Promise<void> {
    const { letters, subscriber, log } = this.options;
    if (letter.decision === 'replay') {
      const attempt = await this.attempt(letter, this.read(letter.message));
      if (!attempt.done) {
        await letters.refuse(letter, attempt.reason);
        return;
      }
    }
    do {
      let next = await letters.firstParked(subscriber, letter.subject);
      while (next !== undefined) {
        const attempt = await this.attempt(next, this.read(next.message));
        if (!attempt.done) {
          await this.options.tellDeath?.(next, attempt.reason);
          await letters.succeed(subscriber, letter, { ...next, reason: attempt.reason });
          return;
        }
        await letters.unpark(next);
        next = await letters.firstParked(subscriber, letter.subject);
      }
    } while (!(await letters.settle(subscriber, letter)));
    log.info('dead letter settled', { id: letter.id, decision: letter.decision });
  }

  private async attempt(delivered: Delivered, read: Read): Promise<Attempt> {
    if ('passOver' in read) return DONE;
    if ('reason' in read) return { done: false, reason: read.reason };
    try {
      await underTrace(delivered.traceparent, () => this.options.subscriber.handle(read.event));
      return DONE;
    } catch (error) {
      if (error instanceof InvariantBroken) return { done: false, reason: String(error) };
      throw error;
    }
  }

  private read(message: string): Read {
    try {
      const content: unknown = JSON.parse(message);
      if (this.isOfAnotherType(content)) return { passOver: true };
      return { event: parseEvent(content) };
    } catch (error) {
      return { reason: `cannot be read: ${reasonOf(error)}` };
    }
  }

  private isOfAnotherType(content: unknown): boolean {
    if (typeof content !== 'object' || content === null || !('type' in content)) return false;
    const { type } = content;
    if (typeof type !== 'string' || !TYPE_NAME.test(type)) return false;
    const types: readonly string[] = this.options.subscriber.types;
    return !types.includes(type);
  }
}

/** For a person: each field and its rule, on one line. */
function reasonOf(error: unknown): string {
  if (!(error instanceof z.ZodError)) return String(error);
  return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
}

/** A stranger's header that is no `traceparent` counts as none. */
function underTrace<T>(traceparent: string | null, work: () => T): T {
  if (traceparent === null || traceIdOf(traceparent) === null) return work();
  return withTrace({ traceparent, requestId: null }, work);
}
