import type { LedgerResult } from '@stuiver/contracts';
import type { AccountState } from '../domain/chart-of-accounts.js';

/** Where the books stand: the last batch, the last transfer, the last account number, the last batch's time. */
export interface Head {
  readonly batch: bigint;
  readonly lastSeq: bigint;
  readonly lastAccount: bigint;
  readonly at: Date;
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
  /** Those of the accounts asked for that exist. */
  readonly accounts: readonly AccountState[];
  /** Those of the commands asked for that are known. */
  readonly known: readonly KnownCommand[];
}

export interface Question {
  readonly accounts: readonly string[];
  readonly commandIds: readonly string[];
}

export interface CommandRow {
  readonly id: string;
  readonly kind: string;
  readonly content: string;
  readonly firstSeq: bigint;
  readonly transferCount: number;
  /** JSON text of the refusal; null when it posted. */
  readonly refusal: string | null;
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
  /** Accounts that were there before, with the version the batch was decided on. */
  readonly changed: readonly { readonly account: AccountState; readonly versionBefore: bigint }[];
  readonly commands: readonly CommandRow[];
  /** In the order of their sequence numbers, the first being `before.lastSeq + 1`. */
  readonly transfers: readonly TransferRow[];
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
