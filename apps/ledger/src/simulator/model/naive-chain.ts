import { growsByDebit, isOfChart } from './chart.js';
import type { Mark, NaiveBooks } from './naive-books.js';
import type { Expected, ExpectedLeg } from './expected-legs.js';
import { aboveCeiling, floorOf, whyBarred } from './naive-terms.js';
import type { Stopped } from './words.js';

const COUNTABLE = 8_000_000_000_000_000_000n;

export interface Chain {
  readonly books: NaiveBooks;
  /** Before the command in hand. */
  readonly began: Mark;
  readonly nature: 'ask' | 'fact';
  readonly suspense: string | null;
  readonly effectiveAt: string;
}

const OFF_CHART: Stopped = {
  outcome: 'impossible',
  rule: 'must be an account of the chart',
};
const BEYOND: Stopped = {
  outcome: 'impossible',
  rule: 'must not hold more than the books can count',
};

/** Posts what a business command does. @returns why not; undefined when it is done, perhaps by doing nothing. */
export function enterLegs(chain: Chain, { legs }: Expected): Stopped | undefined {
  let gone = 0n;
  for (const each of legs) {
    const amount = amountOf(chain.books, each, gone);
    if (amount === 0n) continue;
    const stopped = enter(chain, { ...each, amount });
    if (stopped !== undefined) return stopped;
    gone += amount;
  }
  return undefined;
}

/** What can be taken from the account without passing its floor. */
export function spareOf(books: NaiveBooks, account: string): bigint {
  const floor = books.terms(account).floor ?? 0n;
  const spare = books.balance(account) - books.held(account) - floor;
  return spare > 0n ? spare : 0n;
}

function amountOf(books: NaiveBooks, { amount, from, how }: ExpectedLeg, gone: bigint): bigint {
  if (amount === 'all-there') return spareOf(books, from);
  if (how === 'rest') return amount - gone;
  if (how !== 'at-most') return amount;
  const spare = spareOf(books, from);
  return spare < amount - gone ? spare : amount - gone;
}

export interface Line {
  readonly purpose: string;
  readonly from: string;
  readonly to: string;
  readonly amount: bigint;
  /** It had been set aside before. */
  readonly isHeld?: boolean;
  readonly reverses?: bigint;
}

/** One line of the journal, each of whose sides may stray when it is a fact's. */
export function enter(
  chain: Chain,
  { purpose, from, to, amount, isHeld = false, reverses }: Line,
): Stopped | undefined {
  const debit = sideOf(chain, { account: from, isDebit: true, amount });
  if (typeof debit !== 'string') return debit;
  const credit = sideOf(chain, { account: to, isDebit: false, amount });
  if (typeof credit !== 'string') return credit;
  // Both strayed to the same place: nothing moves.
  if (debit !== credit) {
    const { effectiveAt } = chain;
    chain.books.enter({
      ...{ purpose, debit, credit, amount, effectiveAt, isHeld },
      reverses: reverses ?? null,
    });
  }
  return undefined;
}

interface Side {
  readonly account: string;
  readonly isDebit: boolean;
  readonly amount: bigint;
}

/** The account that this side of the line goes to. */
function sideOf(chain: Chain, side: Side): string | Stopped {
  const why = whyNot(chain, side);
  if (why === undefined) return side.account;
  if (why === BEYOND || chain.suspense === null) return why;
  return whyNot(chain, { ...side, account: chain.suspense }) ?? chain.suspense;
}

function whyNot(chain: Chain, { account, isDebit, amount }: Side): Stopped | undefined {
  if (!isOfChart(account)) return OFF_CHART;
  const barred = whyBarred(chain.books, { account, isDebit });
  if (barred !== undefined) return barred;
  const grows = growsByDebit(account) === isDebit;
  const after = chain.books.balance(account) + (grows ? amount : -amount);
  if (after > COUNTABLE || after < -COUNTABLE) return BEYOND;
  if (grows) return aboveCeiling(chain.books, account, after);
  return belowFloor(chain, account, after - chain.books.held(account));
}

/** Where it was below the floor before the command, it may stay as deep. */
function belowFloor(chain: Chain, account: string, after: bigint): Stopped | undefined {
  const { books, began, nature } = chain;
  const floor = floorOf(books, account, nature);
  if (floor === null || after >= floor) return undefined;
  const before = books.balance(account, began.entries) - books.held(account, began.notes);
  const limit = before < floor ? before : floor;
  if (after >= limit) return undefined;
  return { outcome: 'refused', code: 'FLOOR', account, limit, shortfall: limit - after };
}

/** Why so much more of the account cannot be set aside. */
export function whyNotHeld(chain: Chain, account: string, amount: bigint): Stopped | undefined {
  if (!isOfChart(account)) return OFF_CHART;
  if (growsByDebit(account)) {
    return { outcome: 'impossible', rule: 'must be an account that a debit takes from' };
  }
  const barred = whyBarred(chain.books, { account, isDebit: true });
  if (barred !== undefined) return barred;
  const held = chain.books.held(account) + amount;
  if (held > COUNTABLE) return BEYOND;
  return belowFloor(chain, account, chain.books.balance(account) - held);
}
