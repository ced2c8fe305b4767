import { type EventBus, Relay, type Subscription } from '@stuiver/bus';
import type { Clock, CrashPoints, Log } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import { consumeOrderEvents } from './adapters/events/consume-order-events.js';
import { LedgerOutbox } from './adapters/events/ledger-outbox.js';
import { tellWatchOver } from './adapters/events/tell-watch.js';
import { PostgresWatch } from './adapters/postgres/postgres-watch.js';
import { WatchBooks } from './use-cases/watch-books.js';
import { toAccepted } from './adapters/http/command-body.js';
import { HttpPeerLedger } from './adapters/http/peer-ledger.js';
import { WriterDuty } from './adapters/postgres/writer-duty.js';
import { type Books, openBooks } from './open-books.js';
import { openProofs, type Proofs } from './open-proofs.js';
import type { CheckpointKeys } from './use-cases/make-checkpoint.js';
import { type Booking, PassOn } from './use-cases/pass-on.js';
import { SubmitBulk } from './use-cases/submit-bulk.js';

export interface LedgerOptions {
  /** As the role `stuiver_ledger`. One connection posts, one tells what was posted, one holds the writer's lock, the rest read. */
  readonly database: Database;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly log: Log;
  readonly crash: CrashPoints;
  /** Commands that may wait for the writer; beyond it, a caller hears to come back. */
  readonly queueCommandsMax?: number;
  /** Signs checkpoints; without it the ledger makes none, and no receipts. */
  readonly keys?: CheckpointKeys;
  /** Present when several processes keep these books. */
  readonly among?: Peers;
}

export interface Peers {
  /** Origin at which the others reach this process. */
  readonly address: string;
  /** By which they know each other. */
  readonly secret: string;
}

/** One ledger of a process. Its port books from the moment it exists; events flow between `start` and `stop`. */
export interface Ledger extends Omit<Books, 'postBatch' | 'booking' | 'expireHolds'> {
  readonly watchBooks: WatchBooks;
  readonly proofs?: Proofs;
  start(): void;
  /** Commands that this process took and has not answered. */
  waitingCount(): number;
  /** Waits for the event in hand and for every submitted command's answer. */
  stop(): Promise<void>;
  /** What its peers may ask of it. */
  readonly peer?: { readonly secret: string; readonly takePassedOn: SubmitBulk<unknown> };
}

/** Wires one ledger. Make one per process; several processes agree on one that writes. */
export function createLedger(options: LedgerOptions): Ledger {
  const { database, bus, log } = options;
  const relay = new Relay({ source: new LedgerOutbox(database.pool), bus, log, name: 'ledger' });
  const onCommitted = (): void => {
    relay.wake();
  };
  const peers = options.among && meetPeers(options.among, options);
  const { postBatch, booking, expireHolds, ...books } = openBooks({
    ...{ ...options, ...peers?.by, onCommitted },
  });
  const watch = new PostgresWatch(database);
  const tell = tellWatchOver(bus, log);
  const watchBooks = new WatchBooks({ reads: watch, memory: watch, tell, ...options });
  const proofs = options.keys && openProofs({ ...options, keys: options.keys });
  let subscription: Subscription | undefined;
  return {
    ...books,
    watchBooks,
    ...(proofs && { proofs }),
    ...(peers && { peer: { secret: peers.secret, takePassedOn: takeFor(postBatch, log) } }),
    waitingCount: () => booking.waitingCount,
    start: () => {
      peers?.duty.start();
      relay.start();
      expireHolds.start();
      watchBooks.start();
      proofs?.keepCheckpoints.start();
      subscription ??= consumeOrderEvents({ bus, ledger: books.port, log });
    },
    stop: async () => {
      await subscription?.stop();
      await proofs?.keepCheckpoints.stop();
      await expireHolds.stop();
      await watchBooks.stop();
      await booking.drain();
      await peers?.duty.stop();
      await relay.stop();
    },
  };
}

function meetPeers({ address, secret }: Peers, { database, log }: LedgerOptions) {
  const wire = new HttpPeerLedger(secret);
  const duty = new WriterDuty({ pool: database.pool, address, peers: wire, log });
  const by = (here: Booking): Booking => new PassOn({ here, hint: duty, peers: wire, log });
  return { secret, duty, by: { by, isOurs: () => duty.elsewhere === undefined } };
}

/** Books here, whoever is thought to be the writer: what was passed on once is not passed on again. */
function takeFor(here: Booking, log: Log): SubmitBulk<unknown> {
  return new SubmitBulk<unknown>({ run: async (value) => here.run(toAccepted(value)) }, (error) => {
    log.error('a command that was passed on failed', {}, error);
  });
}
