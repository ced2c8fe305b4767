import type {
  AccountBalance,
  AccountRules,
  BalanceAt,
  BookedCommand,
  BookedTransfer,
  BooksAt,
  BooksSpan,
  DaySummary,
  HoldView,
  JournalPage,
  LedgerClock,
  TrialBalanceAt,
} from '@stuiver/contracts';

export interface MomentQuestion {
  readonly clock: LedgerClock;
  readonly at: Date;
}

export interface DaysPage {
  readonly clock: LedgerClock;
  /** First day, `YYYY-MM-DD`. */
  readonly from: string;
  /** Last day, itself included. */
  readonly to: string;
  readonly limit: number;
}

export interface BalancesQuestion {
  /** Account names that begin so; empty for all. */
  readonly prefix: string;
  /** `operator`, `user:{id}` or `merchant:{id}`; null for all. */
  readonly owner: string | null;
  readonly currency: string | null;
  readonly isNonZero: boolean;
  /** The last account of the page before; empty for the first page. */
  readonly after: string;
  readonly limit: number;
}

export interface OpenHoldsQuestion {
  /** The last hold of the page before; empty for the first page. */
  readonly after: string;
  readonly limit: number;
}

export interface JournalQuestion {
  /** Transfers with higher numbers. */
  readonly after: string;
  /** First and last day on which they took effect, both included, `YYYY-MM-DD`. */
  readonly from: string;
  readonly to: string;
  /** Only those that touch this account; null for all. */
  readonly account: string | null;
  readonly limit: number;
}

/** Port to what was: balances and days on either clock, and single things by their names. */
export interface LedgerLookups {
  /** Null when nothing was ever booked on the account. */
  balanceAt(code: string, question: MomentQuestion): Promise<BalanceAt | null>;
  /** Oldest first. */
  days(code: string, page: DaysPage): Promise<readonly DaySummary[]>;
  trialBalanceAt(question: MomentQuestion, accountsMax: number): Promise<TrialBalanceAt>;
  /** All accounts by kind, on the effective clock; null for now. */
  booksAt(at: Date | null): Promise<BooksAt>;
  span(): Promise<BooksSpan>;
  /** Null when nothing was ever booked on the account. */
  rules(code: string): Promise<AccountRules | null>;
  /** By id. */
  openHolds(code: string, question: OpenHoldsQuestion): Promise<readonly HoldView[]>;
  /** By account name. */
  balances(question: BalancesQuestion): Promise<readonly AccountBalance[]>;
  transfer(seq: string): Promise<BookedTransfer | null>;
  command(id: string): Promise<BookedCommand | null>;
  /** By number. A page may have no transfer and yet not be the last. */
  journal(question: JournalQuestion): Promise<JournalPage>;
}
