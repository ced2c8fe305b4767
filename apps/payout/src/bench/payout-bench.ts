import type { EventBus, Subscriber } from '@stuiver/bus';
import type { LedgerBooks, LedgerPort } from '@stuiver/contracts';
import type { KeyStore } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import type { PayoutOptions } from '../options.js';
import type { PayoutBenchLine } from './measured.js';

export interface BenchPayoutOptions {
  /** The server's superuser, on a migrated database that holds nothing yet. */
  readonly adminUrl: string;
  /** The real one, on the same database. */
  readonly ledger: LedgerPort;
  readonly books: LedgerBooks;
  /** The host's own, in a folder of its own. */
  readonly openKeys: (dir: string) => Promise<KeyStore>;
  readonly print: (line: PayoutBenchLine) => void;
}

/** What a measurement works with. */
export interface PayoutBench extends BenchPayoutOptions {
  readonly database: Database;
  readonly options: PayoutOptions;
  readonly bus: HandedBus;
}

/** Hands an event to its subscribers and waits for them, as a partition does: one after the other. */
export class HandedBus implements EventBus {
  readonly subscribers: Subscriber[] = [];

  publish(): Promise<void> {
    return Promise.resolve();
  }

  subscribe(subscriber: Subscriber): { stop(): Promise<void> } {
    this.subscribers.push(subscriber);
    return { stop: () => Promise.resolve() };
  }
}
