import { invariant } from '@stuiver/errors';
import { Books } from '../domain/books.js';
import { type AccountState, openingOf } from '../domain/chart-of-accounts.js';
import { NEW_LEDGER } from '../domain/decide.js';
import type { HoldState } from '../domain/hold.js';

/** As it is opened, but for what `over` says. */
export function accountOf(code: string, over: Partial<AccountState>): AccountState {
  const opening = openingOf(1n, code, 'EUR');
  invariant(opening !== undefined, `${code} is of the chart`);
  return { ...opening, ...over };
}

/** Books at the beginning of a batch, with these accounts and holds. */
export function booksOf(accounts: readonly AccountState[], holds: readonly HoldState[]): Books {
  return new Books({
    ...NEW_LEDGER,
    accounts: new Map(accounts.map((account) => [account.code, account])),
    lastAccount: BigInt(accounts.length),
    rare: { ...NEW_LEDGER.rare, holds: new Map(holds.map((hold) => [hold.id, hold])) },
  });
}
