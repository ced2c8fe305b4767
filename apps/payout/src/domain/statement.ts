import { invariant } from '@stuiver/errors';
import { Money } from '@stuiver/money';

/** One booking on a merchant's pending account, as the ledger told it. */
export interface PendingLine {
  /** The account's own count: versions between two closes are the statement, and none is missing. */
  readonly version: bigint;
  readonly side: 'debit' | 'credit';
  readonly amount: Money;
}

/** What the line adds to the merchant's claim. */
export function signedAmount(line: PendingLine): Money {
  const { amount, side } = line;
  return side === 'credit' ? amount : Money.zero(amount.currency).minus(amount);
}

/** The statement's running total after each line; the last one is what is paid out. */
export function runningTotals(lines: readonly PendingLine[]): Money[] {
  let total = Money.zero('EUR');
  return lines.map((line) => (total = total.plus(signedAmount(line))));
}

/** Whether every version of the range is here, once. Lines come in order of version. */
export function isComplete(
  lines: readonly PendingLine[],
  range: { readonly from: bigint; readonly to: bigint },
): boolean {
  invariant(range.from <= range.to + 1n, 'a statement begins before it ends');
  if (BigInt(lines.length) !== range.to - range.from + 1n) return false;
  return lines.every((line, index) => line.version === range.from + BigInt(index));
}
