import type {
  LedgerAnswer,
  LedgerCommand,
  LedgerRefusal,
  PostedTransfer,
} from '@stuiver/contracts';

/*
 * The words of the naive model. It is written from the design's text and knows nothing of the ledger's own code: what
 * the two agree on, two people have said.
 */

export type SimulatedCommand =
  | LedgerCommand
  | { readonly kind: 'void'; readonly id: string }
  | { readonly kind: 'period-close'; readonly id: string; readonly month: string }
  | { readonly kind: 'hold-expire'; readonly id: string; readonly holdId: string };

/** One line of the journal. Minor units. */
export interface Entry {
  readonly seq: bigint;
  readonly purpose: string;
  readonly debit: string;
  readonly credit: string;
  readonly amount: bigint;
  readonly effectiveAt: string;
  /** It had been set aside before. */
  readonly isHeld: boolean;
  /** Of which entry it takes something back. */
  readonly reverses: bigint | null;
}

/** Something that happened to a hold. Minor units. */
export interface HoldNote {
  readonly holdId: string;
  readonly account: string;
  readonly what: 'placed' | 'increased' | 'captured' | 'released';
  readonly amount: bigint;
  /** What the hold is when this note leaves nothing of it. */
  readonly leaves: 'captured' | 'released' | 'expired';
  /** Of the note that placed it. */
  readonly expiresAt: string | null;
}

/** What may happen to an account. Minor units; null: none of its own. */
export interface NaiveTerms {
  readonly state: 'open' | 'frozen-debit' | 'frozen' | 'closed';
  readonly floor: bigint | null;
  readonly ceiling: bigint | null;
}

/** Something that was said of an account: undefined is what was not spoken of. */
export interface TermsNote {
  readonly account: string;
  readonly state: NaiveTerms['state'] | undefined;
  readonly floor: bigint | null | undefined;
  readonly ceiling: bigint | null | undefined;
}

export type LimitTerms = NonNullable<Extract<LedgerCommand, { kind: 'limit-set' }>['limit']>;

/** A limit that was set on a subject, or changed, or (null) ended. */
export interface LimitNote {
  readonly subject: string;
  readonly name: string;
  readonly limit: LimitTerms | null;
  /** How many deeds there had been. */
  readonly deedsBefore: number;
}

/** What a command came to that posted something, or set something aside. */
export interface Deed {
  readonly commandId: string;
  /** When it was booked, in ms. */
  readonly atMs: number;
  /** What it said it counts towards. */
  readonly subjects: readonly string[];
  /** What it is about, in minor units; null: what it moved and set aside. */
  readonly about: bigint | null;
  readonly entries: readonly Entry[];
  readonly notes: readonly HoldNote[];
}

export type RefusalCode =
  | 'FLOOR'
  | 'LIMIT'
  | 'ORIGINAL_UNKNOWN'
  | 'REVERSED_ALREADY'
  | 'CEILING'
  | 'ACCOUNT_FROZEN'
  | 'ACCOUNT_CLOSED'
  | 'ACCOUNT_NOT_EMPTY'
  | 'NOTHING_TO_MOVE'
  | 'VOIDED'
  | 'PERIOD_CLOSED'
  | 'HOLD_UNKNOWN'
  | 'HOLD_ENDED'
  | 'HOLD_EXPIRED'
  | 'HOLD_TOO_SMALL';

export interface NaiveRefusal {
  readonly outcome: 'refused';
  readonly code: RefusalCode;
  readonly account?: string | null;
  readonly limit?: bigint | null;
  readonly shortfall?: bigint | null;
  readonly firstOpenAt?: string;
  readonly velocity?: LedgerRefusal['velocity'];
}

export interface NaiveImpossible {
  readonly outcome: 'impossible';
  readonly rule: string;
}

export type Stopped = NaiveRefusal | NaiveImpossible;

/** The answer that the ledger should give, but for `commandId`, `batch` and `bookedAt`. */
export type Verdict =
  | ({ readonly outcome: 'posted'; readonly transfers: PostedTransfer[] } & LedgerAnswer)
  | ({ readonly outcome: 'refused'; readonly code: RefusalCode } & Record<string, unknown>)
  | NaiveImpossible;
