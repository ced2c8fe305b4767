import type { CashAgainstLiabilities, CashRow } from '@stuiver/console-api';
import type { BooksAt } from '@stuiver/contracts';

const HELD = /^(psp|bank):/;
const OWED = /^(user|merchant|refund|suspense):/;

/**
 * What we hold for others against what we owe them, as the ledger's watch `safeguarding` counts it: an account below
 * zero owes us, and pays for nobody else.
 */
export function cashOf({ kinds }: BooksAt): CashAgainstLiabilities {
  const held = rowsOf(kinds, HELD, ({ balanceMinor }) => balanceMinor);
  const owed = rowsOf(kinds, OWED, ({ aboveZeroMinor }) => aboveZeroMinor);
  return { held, owed, heldMinor: sumOf(held), owedMinor: sumOf(owed) };
}

type Kind = BooksAt['kinds'][number];

function rowsOf(
  kinds: readonly Kind[],
  which: RegExp,
  amountOf: (kind: Kind) => string,
): readonly CashRow[] {
  return kinds
    .filter(({ account }) => which.test(account))
    .map((kind) => ({ account: kind.account, amountMinor: amountOf(kind) }))
    .filter(({ amountMinor }) => amountMinor !== '0');
}

function sumOf(rows: readonly CashRow[]): string {
  return rows.reduce((sum, { amountMinor }) => sum + BigInt(amountMinor), 0n).toString();
}
