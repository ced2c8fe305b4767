export type MonthState = 'running' | 'open' | 'prepared' | 'closing' | 'closed';

/**
 * What is open when a month ends: no statement of our account up to its last business day; exceptions of its days that
 * nobody settled; a tie-out with an unexplained difference; bookings that are written down and not booked.
 */
export type MonthFinding =
  'statement-missing' | 'exceptions-open' | 'tie-out-differs' | 'not-booked-yet';

/** Why a month cannot be closed now, whatever anybody says. */
export type MonthObstacle =
  'month-closed' | 'month-not-over-yet' | 'earlier-month-open' | 'books-do-not-balance';

/** `GET /console/finance/months`: `{months}`, the last first, from the first booking on. `2026-10`. */
export interface MonthSummary {
  readonly month: string;
  readonly state: MonthState;
  readonly preparedBy: string | null;
  readonly preparedAt: string | null;
  readonly closedBy: string | null;
  readonly closedAt: string | null;
}

/**
 * `GET /console/finance/months/:month`. `POST …/:month/prepare {note}` says that it is ready; another person closes it
 * with `POST …/:month/close {sha256}`. `GET …/:month/trial-balance.csv` and `…/journal.csv` are its files.
 */
export interface MonthDetail extends MonthSummary {
  readonly rows: readonly MonthRow[];
  readonly debitMinor: string;
  readonly creditMinor: string;
  /** Of the trial balance as the ledger has it now. */
  readonly sha256: string;
  /** Of the one that was prepared; null when none was. */
  readonly preparedSha256: string | null;
  /** Of the one it was closed with. */
  readonly closedSha256: string | null;
  readonly findings: readonly MonthFinding[];
  readonly preparedFindings: readonly MonthFinding[];
  readonly note: string | null;
  readonly obstacle: MonthObstacle | null;
  /** The figures are others than those that were prepared, or something else is open: it is to be prepared anew. */
  readonly hasChanged: boolean;
  readonly mayPrepare: boolean;
  readonly mayClose: boolean;
}

/** Accounts of one kind; amounts are on their own side, signed. */
export interface MonthRow {
  readonly account: string;
  readonly accounts: string;
  readonly side: 'debit' | 'credit';
  readonly openingMinor: string;
  readonly changeMinor: string;
  readonly closingMinor: string;
}

/**
 * `GET /console/finance/cash`: what we hold at PSPs and banks against what we owe payers, merchants and others. Accounts
 * below zero owe us and count for nothing; `held` is signed.
 */
export interface CashAgainstLiabilities {
  readonly held: readonly CashRow[];
  readonly owed: readonly CashRow[];
  readonly heldMinor: string;
  readonly owedMinor: string;
}

export interface CashRow {
  /** `merchant:*:pending` stands for every merchant's. */
  readonly account: string;
  readonly amountMinor: string;
}
