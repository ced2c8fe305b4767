import type { HoldView } from '@stuiver/contracts';
import { growsByDebit } from './chart.js';
import type { Deed, Entry, HoldNote, LimitNote, NaiveTerms, TermsNote } from './words.js';

/** What happened, in the order in which it did. */
interface Lists {
  readonly entries: Entry[];
  readonly notes: HoldNote[];
  /** From when on the books were open, each time a month was closed. */
  readonly closings: string[];
  readonly terms: TermsNote[];
  readonly limits: LimitNote[];
  readonly deeds: Deed[];
}

/** How long each of the lists was. */
export type Mark = { readonly [Name in keyof Lists]: number };

export interface NaiveHold {
  readonly id: string;
  readonly account: string;
  readonly placed: bigint;
  readonly captured: bigint;
  readonly released: bigint;
  readonly remaining: bigint;
  readonly state: HoldView['state'];
  readonly expiresAt: string | null;
}

/** Nothing but lists of what happened. Every question is answered by going through all of them again. */
export class NaiveBooks {
  constructor(
    private readonly lists: Lists = {
      ...{ entries: [], notes: [], closings: [], terms: [], limits: [], deeds: [] },
    },
  ) {}

  get mark(): Mark {
    const { entries, notes, closings, terms, limits, deeds } = this.lists;
    return {
      ...{ entries: entries.length, notes: notes.length, closings: closings.length },
      ...{ terms: terms.length, limits: limits.length, deeds: deeds.length },
    };
  }

  /** The books as they were. */
  upTo(mark: Mark): NaiveBooks {
    const { entries, notes, closings, terms, limits, deeds } = this.lists;
    return new NaiveBooks({
      entries: entries.slice(0, mark.entries),
      notes: notes.slice(0, mark.notes),
      closings: closings.slice(0, mark.closings),
      terms: terms.slice(0, mark.terms),
      limits: limits.slice(0, mark.limits),
      deeds: deeds.slice(0, mark.deeds),
    });
  }

  forgetSince(mark: Mark): void {
    const { entries, notes, closings, terms, limits, deeds } = this.lists;
    entries.length = mark.entries;
    notes.length = mark.notes;
    closings.length = mark.closings;
    terms.length = mark.terms;
    limits.length = mark.limits;
    deeds.length = mark.deeds;
  }

  entriesSince({ entries }: Mark): readonly Entry[] {
    return this.lists.entries.slice(entries);
  }

  notesSince({ notes }: Mark): readonly HoldNote[] {
    return this.lists.notes.slice(notes);
  }

  /** Whatever an account was spoken of for. */
  get accounts(): ReadonlySet<string> {
    const { entries, notes, terms, limits } = this.lists;
    const subjects = limits.map(({ subject }) => subject);
    return new Set([
      ...entries.flatMap(({ debit, credit }) => [debit, credit]),
      ...[...notes, ...terms].map(({ account }) => account),
      ...subjects.filter(isAccountSubject).map(accountOf),
    ]);
  }

  get limitNotes(): readonly LimitNote[] {
    return this.lists.limits;
  }

  get deeds(): readonly Deed[] {
    return this.lists.deeds;
  }

  /** What a command moved; nothing when there was no such command. */
  entriesOf(commandId: string): readonly Entry[] {
    return this.lists.deeds.find((deed) => deed.commandId === commandId)?.entries ?? [];
  }

  /** How much of an entry was taken back, by those up to a certain one. */
  takenBack(seq: bigint, upTo: bigint = BigInt(this.lists.entries.length)): bigint {
    return this.lists.entries
      .filter((entry) => entry.reverses === seq && entry.seq <= upTo)
      .reduce((total, { amount }) => total + amount, 0n);
  }

  setLimit(note: Omit<LimitNote, 'deedsBefore'>): void {
    this.lists.limits.push({ ...note, deedsBefore: this.lists.deeds.length });
  }

  remember(deed: Deed): void {
    this.lists.deeds.push(deed);
  }

  enter(entry: Omit<Entry, 'seq'>): Entry {
    const whole = { ...entry, seq: BigInt(this.lists.entries.length + 1) };
    this.lists.entries.push(whole);
    return whole;
  }

  note(note: HoldNote): void {
    this.lists.notes.push(note);
  }

  close(openFrom: string): void {
    this.lists.closings.push(openFrom);
  }

  setTerms(note: TermsNote): void {
    this.lists.terms.push(note);
  }

  /** What was said of it last, of each of the three things. */
  terms(account: string): NaiveTerms {
    let [state, floor, ceiling]: [NaiveTerms['state'], bigint | null, bigint | null] = [
      ...(['open', null, null] as const),
    ];
    for (const note of this.lists.terms) {
      if (note.account !== account) continue;
      if (note.state !== undefined) state = note.state;
      if (note.floor !== undefined) floor = note.floor;
      if (note.ceiling !== undefined) ceiling = note.ceiling;
    }
    return { state, floor, ceiling };
  }

  /** From when on the books are open; null: nothing is closed. */
  get openFrom(): string | null {
    return this.lists.closings.at(-1) ?? null;
  }

  /** On the account's own side. */
  balance(account: string, before: number = this.lists.entries.length): bigint {
    let debits = 0n;
    let credits = 0n;
    for (let index = 0; index < before; index += 1) {
      const entry = this.lists.entries[index];
      if (entry?.debit === account) debits += entry.amount;
      if (entry?.credit === account) credits += entry.amount;
    }
    return growsByDebit(account) ? debits - credits : credits - debits;
  }

  /** How many entries ever touched it. */
  version(account: string): bigint {
    let count = 0n;
    for (const { debit, credit } of this.lists.entries) {
      if (debit === account || credit === account) count += 1n;
    }
    return count;
  }

  held(account: string, before: number = this.lists.notes.length): bigint {
    let held = 0n;
    for (let index = 0; index < before; index += 1) {
      const note = this.lists.notes[index];
      if (note?.account !== account) continue;
      held += note.what === 'placed' || note.what === 'increased' ? note.amount : -note.amount;
    }
    return held;
  }

  isTouched(holdId: string, since: Mark): boolean {
    return this.lists.notes.slice(since.notes).some((note) => note.holdId === holdId);
  }

  /** Ids of the holds that were touched, in the order of the first time. */
  touched(since: Mark): string[] {
    return [...new Set(this.lists.notes.slice(since.notes).map(({ holdId }) => holdId))];
  }

  hold(id: string): NaiveHold | undefined {
    const mine = this.lists.notes.filter(({ holdId }) => holdId === id);
    const [first] = mine;
    const last = mine.at(-1);
    if (first === undefined || last === undefined) return undefined;
    const sum = (...what: HoldNote['what'][]): bigint =>
      mine.reduce((total, note) => (what.includes(note.what) ? total + note.amount : total), 0n);
    const placed = sum('placed', 'increased');
    const captured = sum('captured');
    const released = sum('released');
    const remaining = placed - captured - released;
    const { account, expiresAt } = first;
    const state = remaining === 0n ? last.leaves : 'open';
    return { id, account, placed, captured, released, remaining, state, expiresAt };
  }

  /** Open ones, the first to expire first. */
  openHolds(): NaiveHold[] {
    const ids = new Set(this.lists.notes.map(({ holdId }) => holdId));
    const holds = [...ids].map((id) => this.hold(id)).filter((hold) => hold !== undefined);
    return holds.filter(({ state }) => state === 'open').sort(byExpiry);
  }
}

const ACCOUNT = 'account:';

export function isAccountSubject(subject: string): boolean {
  return subject.startsWith(ACCOUNT);
}

export function accountOf(subject: string): string {
  return subject.slice(ACCOUNT.length);
}

function byExpiry(a: NaiveHold, b: NaiveHold): number {
  const order = timeOf(a) - timeOf(b);
  if (order !== 0 && !Number.isNaN(order)) return order;
  return a.id < b.id ? -1 : 1;
}

function timeOf({ expiresAt }: NaiveHold): number {
  return expiresAt === null ? Infinity : Date.parse(expiresAt);
}
