import type { Currency } from '@stuiver/money';
import type { HoldState } from './hold.js';
import type { VelocityLimit } from './velocity.js';

/** A posted command whose transfers may be reversed. */
export interface Original {
  readonly transfers: readonly OriginalTransfer[];
}

export interface OriginalTransfer {
  /** Null while its batch is being decided. */
  readonly seq: bigint | null;
  readonly debit: string;
  readonly credit: string;
  readonly currency: Currency;
  readonly amount: bigint;
  /** How much of the amount reversals have taken back. */
  readonly reversed: bigint;
}

/** What few commands look at. Of everything that commands of a batch name, what is missing here is not there. */
export interface RareState {
  readonly holds: ReadonlyMap<string, HoldState>;
  /** The limits of named subjects; an account's own stand with the account. */
  readonly subjects: ReadonlyMap<string, readonly VelocityLimit[]>;
  /** By command id. */
  readonly originals: ReadonlyMap<string, Original>;
  /** Open holds by account, the first to expire first: only for telling what stands in the way. */
  readonly standing: ReadonlyMap<string, readonly HoldState[]>;
}

export const NOTHING_RARE: RareState = {
  holds: new Map(),
  subjects: new Map(),
  originals: new Map(),
  standing: new Map(),
};

/** What a batch did to rare things, as they are afterwards. */
export interface RareChanges {
  readonly holds: ReadonlyMap<string, HoldState>;
  readonly subjects: ReadonlyMap<string, readonly VelocityLimit[]>;
}
