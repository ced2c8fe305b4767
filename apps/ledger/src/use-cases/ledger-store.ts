import type { LedgerResult } from '@stuiver/contracts';
import type { AccountState } from '../domain/chart-of-accounts.js';
import type { HoldState } from '../domain/hold.js';
import type { Original } from '../domain/rare-state.js';
import type { Seal } from '../domain/seal.js';
import type { VelocityLimit } from '../domain/velocity.js';

/** Where the books stand: the last batch, the last transfer, the last account number, the last batch's time and hash. */
export interface Head {
  readonly batch: bigint;
  readonly lastSeq: bigint;
  readonly lastAccount: bigint;
  readonly at: Date;
  /** What is before this moment is closed. */
  readonly openFrom: Date;
  /** The chained hash that the next batch stands on, in hex. */
  readonly hash: string;
}

/** A command that has its answer for ever. */
export interface KnownCommand {
  readonly id: string;
  readonly kind: string;
  /** Lower-case hex. */
  readonly contentSha256: string;
  readonly result: LedgerResult;
}

/** What was read in one glance: all of it belongs to this head. */
export interface Snapshot {
  readonly head: Head;
  /** Those of the accounts asked for that exist, and those that what else was found speaks of. */
  readonly accounts: readonly AccountState[];
  /** Those of the commands asked for that are known. */
  readonly known: readonly KnownCommand[];
  readonly rare: RareSnapshot;
}

export interface RareSnapshot {
  readonly holds: readonly HoldState[];
  /** Open holds whose time has come, the oldest first. */
  readonly due: readonly HoldState[];
  /** When the first of the other open holds expires. */
  readonly nextExpiryAt: Date | null;
  readonly subjects: ReadonlyMap<string, readonly VelocityLimit[]>;
  readonly originals: ReadonlyMap<string, Original>;
  readonly standing: ReadonlyMap<string, readonly HoldState[]>;
}

/** What few commands need. */
export interface RareNeeds {
  /** Hold ids. */
  readonly holds: readonly string[];
  /** Named subjects. */
  readonly subjects: readonly string[];
  /** Ids of commands that are to be reversed. */
  readonly originals: readonly string[];
}

export interface Question {
  readonly accounts: readonly string[];
  readonly commandIds: readonly string[];
  readonly rare: RareNeeds;
  /** Accounts whose open holds are to be listed, so many of each at most. */
  readonly standing: readonly string[];
  readonly standingMax: number;
  /** Holds are due that expire at this moment or before, or before the last batch. */
  readonly dueBy: Date;
}

export interface CommandRow {
  readonly id: string;
  readonly kind: string;
  readonly content: string;
  readonly firstSeq: bigint;
  readonly transferCount: number;
  /** JSON text of the refusal; null when it posted. */
  readonly refusal: string | null;
  /** JSON text of what the answer says beside its transfers; null when that is nothing. */
  readonly answer: string | null;
  /** A salted hash, 64 hex digits; null when its caller committed to nothing. `content` says it too. */
  readonly metadataSha256: string | null;
}

export interface ReversalRow {
  readonly seq: bigint;
  readonly reverses: bigint;
  /** How much of the original was taken back before this transfer, and after it. */
  readonly before: bigint;
  readonly after: bigint;
  readonly original: bigint;
}

export interface CounterRow {
  readonly subject: string;
  readonly name: string;
  readonly slotMs: number;
  readonly count: bigint;
  readonly sum: bigint;
}

/** What few batches write. */
export interface RareRows {
  /** Those of the batch's accounts whose terms or limits are not, or no longer, the chart's. */
  readonly terms: readonly AccountState[];
  readonly holdsPlaced: readonly HoldRow[];
  readonly holdsChanged: readonly HoldRow[];
  readonly limitsSet: readonly { readonly subject: string; readonly limit: VelocityLimit }[];
  readonly limitsRemoved: readonly { readonly subject: string; readonly name: string }[];
  readonly counters: readonly CounterRow[];
  /** Counters before this moment are forgotten; null: all of them. */
  readonly swept: readonly {
    readonly subject: string;
    readonly name: string;
    readonly beforeMs: number | null;
  }[];
  readonly reversals: readonly ReversalRow[];
}

export interface HoldRow {
  readonly hold: HoldState;
  readonly accountId: bigint;
}

export interface ChangedAccount {
  readonly account: AccountState;
  /** The version the batch was decided on. */
  readonly versionBefore: bigint;
}

export interface TransferRow {
  readonly commandId: string;
  readonly purpose: string;
  readonly amount: bigint;
  readonly debit: AccountState;
  readonly credit: AccountState;
  readonly effectiveAt: Date;
}

/** A decided batch, ready to be written whole or not at all. */
export interface BatchRows {
  readonly before: Head;
  readonly after: Head;
  readonly opened: readonly AccountState[];
  /** Accounts that were there before. */
  readonly changed: readonly ChangedAccount[];
  readonly commands: readonly CommandRow[];
  /** In the order of their sequence numbers, the first being `before.lastSeq + 1`. */
  readonly transfers: readonly TransferRow[];
  /** Null for most batches. */
  readonly rare: RareRows | null;
  readonly seal: Seal;
}

/** `moved`: the head is not where the batch expects it. `known`: one of its ids is used. Both wrote nothing. */
export type Appended = 'appended' | 'moved' | 'known';

export interface LedgerWriter {
  read(question: Question): Promise<Snapshot>;
  /** One statement, one commit. When it throws, the batch may be there or not. */
  append(rows: BatchRows): Promise<Appended>;
}

/** The database says that these very rows break a rule of its own: trying them again is of no use. */
export class RowsRefused extends Error {
  override readonly name = 'RowsRefused';
}

/** Port to the tables. @throws RowsRefused, or any other error when the database could not be asked. */
export interface LedgerStore extends LedgerWriter {
  /** While `work` runs nobody else moves the head; what it appended is there once this resolves. */
  underLock<T>(work: (writer: LedgerWriter) => Promise<T>): Promise<T>;
}
