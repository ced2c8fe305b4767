import type { LedgerCommand } from '@stuiver/contracts';
import { hasFloor, isOfChart } from './chart.js';
import type { NaiveBooks } from './naive-books.js';
import type { NaiveTerms, Stopped } from './words.js';

/* States, floors and ceilings: what commands have said of single accounts. */

type AccountSet = Extract<LedgerCommand, { kind: 'account-set' }>;

/** A frozen account takes part in nothing, one that is frozen for debit is not debited, and a closed one is over. */
export function whyBarred(
  books: NaiveBooks,
  { account, isDebit }: { account: string; isDebit: boolean },
): Stopped | undefined {
  const { state } = books.terms(account);
  if (state === 'closed') return { outcome: 'refused', code: 'ACCOUNT_CLOSED', account };
  const isFrozen = state === 'frozen' || (state === 'frozen-debit' && isDebit);
  return isFrozen ? { outcome: 'refused', code: 'ACCOUNT_FROZEN', account } : undefined;
}

/** Its own floor binds everybody; without, the chart says whom zero binds. Null: nobody. */
export function floorOf(books: NaiveBooks, account: string, nature: 'ask' | 'fact'): bigint | null {
  const { floor } = books.terms(account);
  if (floor !== null) return floor;
  return hasFloor(account, nature) ? 0n : null;
}

/** Held money is still the account's, so what it holds counts. */
export function aboveCeiling(
  books: NaiveBooks,
  account: string,
  balance: bigint,
): Stopped | undefined {
  const { ceiling } = books.terms(account);
  if (ceiling === null || balance <= ceiling) return undefined;
  return {
    ...{ outcome: 'refused', code: 'CEILING', account },
    ...{ limit: ceiling, shortfall: balance - ceiling },
  };
}

/** Says it of the account. @returns why the account, as it stands, cannot be so. */
export function setTerms(books: NaiveBooks, command: AccountSet): Stopped | undefined {
  const { account, state, floorMinor, ceilingMinor } = command;
  if (!isOfChart(account)) {
    return { outcome: 'impossible', rule: 'must be an account of the chart' };
  }
  // What cannot be placed goes there, so nothing may keep it out.
  if (account.startsWith('suspense:')) {
    return { outcome: 'impossible', rule: 'must not be a suspense account' };
  }
  if (books.terms(account).state === 'closed') {
    return { outcome: 'refused', code: 'ACCOUNT_CLOSED', account };
  }
  books.setTerms({ account, state, floor: minor(floorMinor), ceiling: minor(ceilingMinor) });
  const balance = books.balance(account);
  return whyNotSo(books, { account, balance, free: balance - books.held(account) });
}

/** Whether it may be as it is from now on. Only what also binds facts can be broken by standing still. */
function whyNotSo(
  books: NaiveBooks,
  { account, balance, free }: { account: string; balance: bigint; free: bigint },
): Stopped | undefined {
  const isEmpty = balance === 0n && free === 0n;
  if (books.terms(account).state === 'closed' && !isEmpty) {
    const code = 'ACCOUNT_NOT_EMPTY';
    return { outcome: 'refused', code, account, limit: 0n, shortfall: balance };
  }
  const floor = floorOf(books, account, 'fact');
  if (floor !== null && free < floor) {
    return { outcome: 'refused', code: 'FLOOR', account, limit: floor, shortfall: floor - free };
  }
  return aboveCeiling(books, account, balance);
}

function minor(text: string | null | undefined): bigint | null | undefined {
  return typeof text === 'string' ? BigInt(text) : text;
}

/** As the answer tells them. */
export function termsView(
  account: string,
  { state, floor, ceiling }: NaiveTerms,
): {
  account: string;
  state: NaiveTerms['state'];
  floorMinor: string | null;
  ceilingMinor: string | null;
} {
  return {
    ...{ account, state },
    ...{ floorMinor: floor?.toString() ?? null, ceilingMinor: ceiling?.toString() ?? null },
  };
}
