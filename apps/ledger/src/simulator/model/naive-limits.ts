import type { LedgerCommand, LedgerRefusal } from '@stuiver/contracts';
import { isOfChart } from './chart.js';
import { dayOf, monthOf, type Span } from './naive-calendar.js';
import { accountOf, isAccountSubject, type Mark, type NaiveBooks } from './naive-books.js';
import type { Deed, LimitTerms, Stopped } from './words.js';

/* How often, and how much. What was used is added up anew for every question. */

const LIMITS_MAX = 8;

type LimitSet = Extract<LedgerCommand, { kind: 'limit-set' }>;

export interface NaiveLimit {
  readonly subject: string;
  readonly name: string;
  readonly terms: LimitTerms;
  /** Deeds before this one do not count. */
  readonly since: number;
}

interface Use {
  readonly atMs: number;
  readonly amount: bigint;
}

export function setLimit(
  books: NaiveBooks,
  { subject, name, limit }: LimitSet,
): Stopped | undefined {
  if (isAccountSubject(subject) && !isOfChart(accountOf(subject))) {
    return { outcome: 'impossible', rule: 'must be an account of the chart' };
  }
  books.setLimit({ subject, name, limit });
  return limitsOn(books, subject).length > LIMITS_MAX
    ? { outcome: 'impossible', rule: `must not have more than ${String(LIMITS_MAX)} limits` }
    : undefined;
}

/** By name. */
export function limitsOn(books: NaiveBooks, subject: string): readonly NaiveLimit[] {
  const mine = books.limitNotes.filter((note) => note.subject === subject);
  const names = [...new Set(mine.map(({ name }) => name))].sort();
  return names.flatMap((name) => {
    const said = mine.filter((note) => note.name === name);
    const terms = said.at(-1)?.limit ?? null;
    if (terms === null) return [];
    // It goes on with its count for as long as it counts the same.
    let first = said.length - 1;
    while (first > 0 && countsTheSame(said[first - 1]?.limit ?? null, terms)) first -= 1;
    return [{ subject, name, terms, since: said[first]?.deedsBefore ?? 0 }];
  });
}

function countsTheSame(a: LimitTerms | null, b: LimitTerms): boolean {
  if (a === null || a.side !== b.side || a.counterparty !== b.counterparty) return false;
  const [first, second] = [a.window, b.window];
  if (first.kind === 'rolling' && second.kind === 'rolling') {
    return first.seconds === second.seconds;
  }
  return first.kind === second.kind;
}

/**
 * What was posted and set aside since, as one deed. It counts from now on.
 *
 * @returns which limit it passes, when somebody may be refused.
 */
export function countDeed(
  books: NaiveBooks,
  since: Mark,
  how: Omit<Deed, 'entries' | 'notes'> & { readonly nature: 'ask' | 'fact' },
): Stopped | undefined {
  const { nature, ...said } = how;
  const [entries, notes] = [books.entriesSince(since), books.notesSince(since)];
  const deed: Deed = { ...said, entries, notes };
  const limits = subjectsOf(deed).flatMap((subject) => limitsOn(books, subject));
  const refusals = limits.map((limit) => whyTooMuch(books, limit, deed));
  const refusal = refusals.find((why) => why !== undefined);
  if (nature === 'ask' && refusal !== undefined) return refusal;
  books.remember(deed);
  return undefined;
}

/** First the accounts, in the order in which money moved or was set aside, then what it named. */
function subjectsOf({ entries, notes, subjects }: Deed): string[] {
  const accounts = entries.flatMap(({ debit, credit }) => [debit, credit]);
  const holders = notes.filter(isSetAside).map(({ account }) => account);
  const all = [...accounts, ...holders].map((account) => `account:${account}`);
  return [...new Set([...all, ...subjects])];
}

function isSetAside({ what }: Deed['notes'][number]): boolean {
  return what === 'placed' || what === 'increased';
}

/** How much of the deed the limit is about; zero: nothing. */
function usedBy({ entries, notes, subjects, about }: Deed, { subject, terms }: NaiveLimit): bigint {
  const { side, counterparty } = terms;
  const setAside = notes.filter(isSetAside);
  if (!isAccountSubject(subject)) {
    if (!subjects.includes(subject)) return 0n;
    return about ?? sum([...entries.filter(({ isHeld }) => !isHeld), ...setAside]);
  }
  const account = accountOf(subject);
  const other = side === 'debit' ? 'credit' : 'debit';
  const moved = entries.filter((entry) => side !== null && entry[side] === account);
  if (counterparty !== null) return sum(moved.filter((entry) => entry[other] === counterparty));
  if (side === 'credit') return sum(moved);
  // Held money counted when it was set aside.
  const here = setAside.filter((note) => note.account === account);
  return sum([...moved.filter(({ isHeld }) => !isHeld), ...here]);
}

function sum(parts: readonly { readonly amount: bigint }[]): bigint {
  return parts.reduce((total, { amount }) => total + amount, 0n);
}

/** Everything that ever counted towards the limit and still does at that time. */
function usesOf(books: NaiveBooks, limit: NaiveLimit, nowMs: number): readonly Use[] {
  return books.deeds
    .slice(limit.since)
    .map((deed) => ({ atMs: deed.atMs, amount: usedBy(deed, limit) }))
    .filter(({ atMs, amount }) => amount > 0n && countsUntil(limit, atMs) > nowMs);
}

function whyTooMuch(books: NaiveBooks, limit: NaiveLimit, deed: Deed): Stopped | undefined {
  const { subject, name, terms } = limit;
  const amount = usedBy(deed, limit);
  if (amount === 0n) return undefined;
  const uses = usesOf(books, limit, deed.atMs);
  if (hasRoom(terms, uses, amount)) return undefined;
  const [countMax, sumMax] = [minor(terms.countMax), minor(terms.sumMaxMinor)];
  const sumLeft = left(sumMax, sum(uses));
  const velocity: NonNullable<LedgerRefusal['velocity']> = {
    ...{ subject, name, window: terms.window.kind },
    ...{ countMax: terms.countMax, sumMaxMinor: terms.sumMaxMinor },
    countLeft: left(countMax, BigInt(uses.length))?.toString() ?? null,
    sumLeftMinor: sumLeft?.toString() ?? null,
    freesAt: freesAt(limit, uses, amount),
  };
  return {
    ...{ outcome: 'refused', code: 'LIMIT', velocity, limit: sumMax },
    account: isAccountSubject(subject) ? accountOf(subject) : null,
    shortfall: sumLeft !== null && amount > sumLeft ? amount - sumLeft : null,
  };
}

function hasRoom(terms: LimitTerms, uses: readonly Use[], amount: bigint): boolean {
  const [countMax, sumMax] = [minor(terms.countMax), minor(terms.sumMaxMinor)];
  if (countMax !== null && BigInt(uses.length) + 1n > countMax) return false;
  return sumMax === null || sum(uses) + amount <= sumMax;
}

function left(max: bigint | null, used: bigint): bigint | null {
  if (max === null) return null;
  return used < max ? max - used : 0n;
}

/** The first moment at which enough of what counts now counts no longer. */
function freesAt(limit: NaiveLimit, uses: readonly Use[], amount: bigint): string | null {
  const ends = uses.map(({ atMs }) => countsUntil(limit, atMs)).sort((a, b) => a - b);
  const first = ends.find((end) => {
    const then = uses.filter(({ atMs }) => countsUntil(limit, atMs) > end);
    return hasRoom(limit.terms, then, amount);
  });
  return first === undefined ? null : new Date(first).toISOString();
}

/** What happens at that time counts up to here, and here no more. In ms. */
function countsUntil({ terms: { window } }: Pick<NaiveLimit, 'terms'>, atMs: number): number {
  const { endMs } = slotOf(window, atMs);
  return window.kind === 'rolling' ? endMs + window.seconds * 1_000 : endMs;
}

/** What is counted together: a day, a month, or a sixtieth of a rolling window, in whole seconds. */
function slotOf(window: LimitTerms['window'], atMs: number): Span {
  if (window.kind === 'day') return dayOf(atMs);
  if (window.kind === 'month') return monthOf(atMs);
  const lengthMs = Math.ceil(window.seconds / 60) * 1_000;
  const startMs = atMs - (atMs % lengthMs);
  return { startMs, endMs: startMs + lengthMs };
}

function minor(text: string | null): bigint | null {
  return text === null ? null : BigInt(text);
}

export interface NaiveSlot {
  readonly startMs: number;
  readonly count: bigint;
  readonly sum: bigint;
}

/** What still counts at that time, by when it happened. */
export function slotsOf(books: NaiveBooks, limit: NaiveLimit, nowMs: number): readonly NaiveSlot[] {
  const uses = usesOf(books, limit, nowMs);
  const startOf = ({ atMs }: Use): number => slotOf(limit.terms.window, atMs).startMs;
  return [...new Set(uses.map(startOf))].map((startMs) => {
    const mine = uses.filter((use) => startOf(use) === startMs);
    return { startMs, count: BigInt(mine.length), sum: sum(mine) };
  });
}

/** Of counters that began then: whether they still count. */
export function stillCounts(limit: NaiveLimit, startMs: number, nowMs: number): boolean {
  return countsUntil(limit, startMs) > nowMs;
}
