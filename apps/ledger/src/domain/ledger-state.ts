import type { AccountState } from './chart-of-accounts.js';
import { NOTHING_CLOSED } from './period.js';
import { NOTHING_RARE, type RareState } from './rare-state.js';

/** What the ledger stands at before a batch. */
export interface LedgerState {
  /** Missing means: never opened. */
  readonly accounts: ReadonlyMap<string, AccountState>;
  /** The highest account number given so far. */
  readonly lastAccount: bigint;
  /** The time of the batch that is decided; never before that of the last one. */
  readonly at: Date;
  /** What would take effect before this moment is in a closed month. */
  readonly openFrom: Date;
  readonly rare: RareState;
}

/** Before the first batch. */
export const NEW_LEDGER: LedgerState = {
  accounts: new Map(),
  lastAccount: 0n,
  at: new Date(0),
  openFrom: NOTHING_CLOSED,
  rare: NOTHING_RARE,
};
