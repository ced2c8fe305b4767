import { createHash } from 'node:crypto';
import { changeOf, type TrialBalance } from '../domain/trial-balance.js';

export interface TrialBalanceFile extends TrialBalance {
  /** The same figures, the same bytes. */
  readonly csv: string;
  /** Of `csv`. Lower-case hex. */
  readonly sha256: string;
}

const COLUMNS = 'month,account,accounts,side,opening_eur,change_eur,closing_eur';

/** A trial balance as the file that two people agree to. No account of the chart has a comma or a quote in its name. */
export function trialBalanceFile(balance: TrialBalance): TrialBalanceFile {
  const { month, rows, debit, credit } = balance;
  const csv = [
    COLUMNS,
    ...rows.map((row) => {
      const amounts = [row.opening, changeOf(row), row.closing].map((money) => money.toMajorText());
      return [month, row.account, row.accounts, row.side, ...amounts].join(',');
    }),
    `${month},total,,debit,,,${debit.toMajorText()}`,
    `${month},total,,credit,,,${credit.toMajorText()}`,
    '',
  ].join('\r\n');
  return { ...balance, csv, sha256: createHash('sha256').update(csv).digest('hex') };
}
