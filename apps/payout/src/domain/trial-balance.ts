import { Money } from '@stuiver/money';
import type { Month } from './month.js';

/** Accounts of one kind at a moment: `merchant:*:pending` stands for every merchant's. */
export interface KindOfAccount {
  readonly account: string;
  readonly normalSide: 'debit' | 'credit';
  /** On the normal side. */
  readonly balanceMinor: string;
  /** How many there are. */
  readonly accounts: string;
}

export interface TrialRow {
  readonly account: string;
  readonly accounts: string;
  readonly side: 'debit' | 'credit';
  /** On the account's own side. */
  readonly opening: Money;
  readonly closing: Money;
}

/** All accounts at the end of a month, by kind, beside how they stood at its beginning. */
export interface TrialBalance {
  readonly month: Month;
  readonly rows: readonly TrialRow[];
  readonly debit: Money;
  readonly credit: Money;
}

const NOTHING = Money.ofMinor(0n, 'EUR');

export function trialBalanceOf(
  month: Month,
  before: readonly KindOfAccount[],
  end: readonly KindOfAccount[],
): TrialBalance {
  const openings = new Map(before.map((kind) => [kind.account, euros(kind.balanceMinor)]));
  const rows = end
    .map(({ account, accounts, normalSide: side, balanceMinor }) => ({
      ...{ account, accounts, side },
      opening: openings.get(account) ?? NOTHING,
      closing: euros(balanceMinor),
    }))
    .sort((one, other) => (one.account < other.account ? -1 : 1));
  return { month, rows, debit: sumOf(rows, 'debit'), credit: sumOf(rows, 'credit') };
}

export function changeOf({ opening, closing }: TrialRow): Money {
  return closing.minus(opening);
}

function sumOf(rows: readonly TrialRow[], side: TrialRow['side']): Money {
  return rows
    .filter((row) => row.side === side)
    .reduce((sum, { closing }) => sum.plus(closing), NOTHING);
}

function euros(minor: string): Money {
  return Money.ofMinor(BigInt(minor), 'EUR');
}
