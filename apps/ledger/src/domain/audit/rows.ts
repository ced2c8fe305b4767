/*
 * Rows as the tables hold them: numbers and instants as text, so that nothing is rounded before it is compared. Hashes are
 * 64 hex digits, instants ISO 8601 in UTC with microseconds.
 */

export interface SealRow {
  readonly root: string;
  readonly hash: string;
  readonly blind: string;
  readonly leaves: readonly string[];
}

export interface BatchRow {
  readonly no: string;
  readonly firstSeq: string;
  readonly transferCount: string;
  readonly commandCount: string;
  readonly at: string;
  /** Null: there is none. */
  readonly seal: SealRow | null;
}

export interface CommandRow {
  readonly id: string;
  readonly kind: string;
  readonly content: string;
  readonly contentSha256: string;
  readonly batch: string;
  /** In the batch, from 0; null for what was written before places were noted. */
  readonly place: string | null;
  readonly firstSeq: string;
  readonly transferCount: string;
  readonly refusal: string | null;
  readonly answer: string | null;
  readonly metadata: string | null;
}

export interface ReversalRow {
  readonly reverses: string;
  readonly before: string;
  readonly after: string;
  readonly original: string;
}

export interface TransferRow {
  readonly seq: string;
  readonly commandId: string;
  readonly purpose: string;
  readonly debit: string;
  readonly credit: string;
  readonly amountMinor: string;
  readonly currency: string;
  readonly debitVersion: string;
  readonly debitAfter: string;
  readonly creditVersion: string;
  readonly creditAfter: string;
  readonly effectiveAt: string;
  readonly batch: string;
  readonly reversal: ReversalRow | null;
}

export interface AccountRow {
  readonly id: string;
  readonly code: string;
  readonly owner: string;
  readonly currency: string;
  readonly normalSide: string;
  readonly floorMinor: string | null;
  readonly ownFloorMinor: string | null;
  readonly balanceMinor: string;
  readonly version: string;
}

export interface HeadRow {
  readonly batch: string;
  readonly lastSeq: string;
  readonly lastAccount: string;
  readonly at: string;
}

export interface ChainRow {
  readonly id: string;
  readonly beginsAt: string;
  readonly genesis: string;
}

/** What was written together, as it is found. */
export interface BatchContent {
  readonly batch: BatchRow;
  /** By first sequence number; those without transfers before the one that has some. */
  readonly commands: readonly CommandRow[];
  readonly transfers: readonly TransferRow[];
  /** The batch after it; null for the last. */
  readonly next: BatchRow | null;
}
