import { type EventBus, Relay, type Subscription } from '@stuiver/bus';
import type { Clock, CrashPoints, Log } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import { consumeOrderEvents } from './adapters/events/consume-order-events.js';
import { LedgerOutbox } from './adapters/events/ledger-outbox.js';
import { type Books, openBooks } from './open-books.js';

export interface LedgerOptions {
  /** As the role `stuiver_ledger`. One connection posts, one tells what was posted, the rest read. */
  readonly database: Database;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly log: Log;
  readonly crash: CrashPoints;
  /** Commands that may wait for the writer; beyond it, a caller hears to come back. */
  readonly queueCommandsMax?: number;
}

/** One ledger of a process. Its port books from the moment it exists; events flow between `start` and `stop`. */
export interface Ledger extends Omit<Books, 'postBatch' | 'expireHolds'> {
  start(): void;
  /** Commands that this process took and has not answered. */
  waitingCount(): number;
  /** Waits for the event in hand and for every submitted command's answer. */
  stop(): Promise<void>;
}

/** Wires one ledger. Make one per process: two would be correct, and would take turns at dropping their caches. */
export function createLedger(options: LedgerOptions): Ledger {
  const { database, bus, log } = options;
  const relay = new Relay({ source: new LedgerOutbox(database.pool), bus, log, name: 'ledger' });
  const onCommitted = (): void => {
    relay.wake();
  };
  const { postBatch, expireHolds, ...books } = openBooks({ ...options, onCommitted });
  let subscription: Subscription | undefined;
  return {
    ...books,
    waitingCount: () => postBatch.waitingCount,
    start: () => {
      relay.start();
      expireHolds.start();
      subscription ??= consumeOrderEvents({ bus, ledger: books.port, log });
    },
    stop: async () => {
      await subscription?.stop();
      await expireHolds.stop();
      await postBatch.drain();
      await relay.stop();
    },
  };
}
