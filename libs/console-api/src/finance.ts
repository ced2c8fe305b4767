import type { PayoutSummary } from './merchant.js';
import type { ItemAge, OpenItemKind } from './open-items.js';

export interface CountAndSum {
  readonly count: number;
  readonly sumMinor: string;
}

/** `GET /console/finance/today` */
export interface FinanceToday {
  readonly toApprove: CountAndSum;
  readonly inFlight: CountAndSum;
  readonly returned: CountAndSum;
  readonly toPrepare: CountAndSum;
  readonly openItems: readonly { readonly kind: OpenItemKind; readonly count: number }[];
  /** Open items whose time is over, by their age: every age, also with none. */
  readonly exceptionsByAge: readonly { readonly age: ItemAge; readonly count: number }[];
  readonly tieOut: TieOut;
  /** The next moment up to which a batch can be paid on the next business day; instants and an ISO day. */
  readonly nextCutOffAt: string;
  readonly nextBusinessDay: string;
}

export type BatchState =
  'prepared' | 'approving' | 'approved' | 'exported' | 'refused' | 'discarded';

/**
 * `GET /console/finance/payouts?before=&state=&q=` is a page of `PayoutSummary`. `q`: an EndToEndId, a merchant's
 * number, the last four of the account, or an amount (`12,50`).
 */

/** `GET /console/finance/batches?before=&state=` */
export interface BatchSummary {
  readonly batchId: string;
  readonly state: BatchState;
  readonly maker: string;
  readonly checker: string | null;
  readonly fileSha256: string;
  readonly executionDate: string;
  readonly createdAt: string;
  readonly count: number;
  readonly sumMinor: string;
}

/**
 * `GET /console/finance/batches/:id`. Acts on it: `POST /console/finance/batches` prepares one,
 * `POST …/:id/approve {fileSha256}`, `POST …/:id/discard {}`, `POST …/:id/export {}`, `GET …/:id/file` (pain.001).
 */
export interface BatchDetail extends BatchSummary {
  readonly payouts: readonly PayoutSummary[];
  /** Maker and checker are the signed-in persons' names; this one may approve. */
  readonly mayApprove: boolean;
  /** Who agreed to it as it is now, and how many must besides the maker. */
  readonly approvals: readonly BatchApproval[];
  readonly checkersNeeded: number;
  /**
   * Where a batch may not exceed what the paying account has less what is on its way: by how much it does, and who agreed
   * (`POST …/:id/prefund {fileSha256}`). Zero where nobody is asked.
   */
  readonly prefunding: {
    readonly missingMinor: string;
    readonly approvedBy: string | null;
    readonly mayApprove: boolean;
  };
  /** Accounts of this file that changed in the three days before it was made. */
  readonly changedPayees: readonly {
    readonly merchantId: string;
    readonly ibanLast4: string;
    readonly beforeLast4: string;
    readonly changedAt: string;
  }[];
  /** What the paying account has according to its last statement and the ledger; signed. */
  readonly bankBalanceMinor: string;
  readonly heldBack: readonly {
    readonly settlementId: string;
    readonly merchantId: string;
    readonly amountMinor: string;
    readonly code: HeldCode;
    readonly reason: string;
  }[];
}

export interface BatchApproval {
  readonly name: string;
  readonly givenAt: string;
  readonly expiresAt: string;
}

/**
 * Why a settlement is in no file: its payee is changing; the bank sent the last payout back; no payee; no bank can be
 * told; too little left.
 */
export type HeldCode =
  'sent-back' | 'no-payee' | 'not-writable' | 'balance-too-low' | 'payee-changing';

/** `POST /console/finance/statements` (body: the camt.053 file, `application/xml`) and `GET` its list. */
export interface StatementSummary {
  readonly statementId: string;
  readonly account: string;
  readonly sequence: string;
  readonly fromDay: string;
  readonly toDay: string;
  readonly openingMinor: string;
  readonly closingMinor: string;
  readonly lines: number;
  readonly importedAt: string;
  /** True when the very same file had been imported before: nothing happened. */
  readonly repeated: boolean;
}

/** `GET /console/finance/statements/:id` */
export interface StatementDetail extends StatementSummary {
  readonly bankLines: readonly BankLine[];
}

export type MatchState = 'matched' | 'open' | 'suggested';

/**
 * `GET /console/finance/bank-lines?before=&state=&q=` (`q`: an EndToEndId or an amount) and
 * `GET /console/finance/bank-lines/:id`. What no rule placed, a person places:
 * `POST …/:id/place {payoutId | pspPayoutId, note}`. `explanation` of an open line: why no rule did.
 * A match with a payout of the PSP is taken back with `POST …/:id/unmatch {reason}`; the line is then a person's to place.
 */
export interface BankLine {
  readonly bankLineId: string;
  readonly statementId: string;
  readonly bookedOn: string;
  /** Signed: positive came in. */
  readonly amountMinor: string;
  readonly currency: 'EUR';
  readonly endToEndId: string | null;
  readonly remittance: string | null;
  readonly counterparty: string | null;
  readonly returnReason: string | null;
  readonly matchState: MatchState;
  /** The rule that matched it, with its version, and why; null while open. */
  readonly rule: string | null;
  readonly explanation: string | null;
  readonly payout: PayoutSummary | null;
  /** The PSP's payout that this line is. */
  readonly pspPayoutId: string | null;
  /** Matches that people took back, the last first. */
  readonly pastMatches: readonly {
    readonly rule: string;
    readonly pspPayoutId: string;
    readonly by: string;
    readonly reason: string;
    readonly unmatchedAt: string;
  }[];
}

/** `POST /console/finance/bank-answers`: the pain.002 file is the body. */
export interface BankAnswerSummary {
  readonly repeated: boolean;
  readonly accepted: number;
  readonly rejected: number;
  /** Of these, rejected although a statement shows them as paid: open items. */
  readonly contradicting: number;
  readonly payments: readonly {
    readonly payoutId: string;
    readonly endToEndId: string;
    /** ISO status, such as `ACSP` or `RJCT`. */
    readonly status: string;
    readonly reasonCode: string | null;
    readonly problem: string | null;
  }[];
}

/** Why no rule placed a line, or why it is not what a person says it is (`facts.why`). */
export type LineProblem =
  | 'other-amount'
  | 'settled-already'
  | 'rejected-already'
  | 'returned-already'
  | 'not-with-the-bank'
  | 'never-paid'
  | 'no-reason-of-return'
  | 'batch-settled-already'
  | 'several-psp-payouts'
  | 'psp-payout-arrived'
  | 'psp-payout-failed'
  | 'psp-payout-taken-back'
  | 'psp-payout-comes-in'
  | 'opening-balance'
  | 'names-nothing';

/** `GET /console/finance/bank-lines/:id/choices`: why no rule placed it now, and what it may be, by sign, amount and state. */
export interface LineChoices {
  readonly problems: readonly LineProblem[];
  readonly payouts: readonly PayoutSummary[];
  readonly pspPayouts: readonly {
    readonly pspPayoutId: string;
    readonly amountMinor: string;
    readonly sentAt: string;
  }[];
}

/** `GET /console/finance/tie-out`: each pair is one equation in minor units; `differenceMinor` is "0" or explained. */
export interface TieOut {
  readonly at: string;
  readonly rows: readonly TieOutRow[];
  /** True when every row's difference is zero or made up of open items. */
  readonly explained: boolean;
}

export interface TieOutRow {
  /**
   * Each against the ledger. `psp-balance`: the PSP. `psp-accounts`: merchants' accounts there. `psp-transit`: PSP
   * payouts under way. `bank`: the statement.
   */
  readonly name: 'psp-balance' | 'psp-accounts' | 'psp-transit' | 'bank';
  readonly outside: { readonly label: string; readonly amountMinor: string };
  readonly ledger: { readonly account: string; readonly amountMinor: string };
  readonly differenceMinor: string;
  /** Open items that explain the difference; their sum is `explainedMinor`. */
  readonly explainedMinor: string;
}
