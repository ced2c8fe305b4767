import type { AccountView, StatementLine, TrialBalance } from '@stuiver/contracts';

export interface StatementPage {
  readonly afterVersion: string;
  readonly limit: number;
}

/** Port to what is booked, for looking only. */
export interface LedgerReads {
  account(code: string): Promise<AccountView | null>;
  statement(code: string, page: StatementPage): Promise<readonly StatementLine[]>;
  trialBalance(accountsMax: number): Promise<TrialBalance>;
}
