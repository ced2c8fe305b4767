import type { HoldView } from '@stuiver/contracts';
import { growsByDebit } from './chart.js';
import type { Entry, HoldNote } from './words.js';

/** How long the journal was. */
export interface Mark {
  readonly entries: number;
  readonly notes: number;
  readonly closings: number;
}

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
    private readonly entries: Entry[] = [],
    private readonly notes: HoldNote[] = [],
    private readonly closings: string[] = [],
  ) {}

  get mark(): Mark {
    return {
      entries: this.entries.length,
      notes: this.notes.length,
      closings: this.closings.length,
    };
  }

  /** The books as they were. */
  upTo({ entries, notes, closings }: Mark): NaiveBooks {
    return new NaiveBooks(
      this.entries.slice(0, entries),
      this.notes.slice(0, notes),
      this.closings.slice(0, closings),
    );
  }

  forgetSince({ entries, notes, closings }: Mark): void {
    this.entries.length = entries;
    this.notes.length = notes;
    this.closings.length = closings;
  }

  entriesSince({ entries }: Mark): readonly Entry[] {
    return this.entries.slice(entries);
  }

  get accounts(): ReadonlySet<string> {
    return new Set([
      ...this.entries.flatMap(({ debit, credit }) => [debit, credit]),
      ...this.notes.map(({ account }) => account),
    ]);
  }

  enter(entry: Omit<Entry, 'seq'>): Entry {
    const whole = { ...entry, seq: BigInt(this.entries.length + 1) };
    this.entries.push(whole);
    return whole;
  }

  note(note: HoldNote): void {
    this.notes.push(note);
  }

  close(openFrom: string): void {
    this.closings.push(openFrom);
  }

  /** From when on the books are open; null: nothing is closed. */
  get openFrom(): string | null {
    return this.closings.at(-1) ?? null;
  }

  /** On the account's own side. */
  balance(account: string, before: number = this.entries.length): bigint {
    let debits = 0n;
    let credits = 0n;
    for (let index = 0; index < before; index += 1) {
      const entry = this.entries[index];
      if (entry?.debit === account) debits += entry.amount;
      if (entry?.credit === account) credits += entry.amount;
    }
    return growsByDebit(account) ? debits - credits : credits - debits;
  }

  /** How many entries ever touched it. */
  version(account: string): bigint {
    let count = 0n;
    for (const { debit, credit } of this.entries) {
      if (debit === account || credit === account) count += 1n;
    }
    return count;
  }

  held(account: string, before: number = this.notes.length): bigint {
    let held = 0n;
    for (let index = 0; index < before; index += 1) {
      const note = this.notes[index];
      if (note?.account !== account) continue;
      held += note.what === 'placed' || note.what === 'increased' ? note.amount : -note.amount;
    }
    return held;
  }

  isTouched(holdId: string, since: Mark): boolean {
    return this.notes.slice(since.notes).some((note) => note.holdId === holdId);
  }

  /** Ids of the holds that were touched, in the order of the first time. */
  touched(since: Mark): string[] {
    return [...new Set(this.notes.slice(since.notes).map(({ holdId }) => holdId))];
  }

  hold(id: string): NaiveHold | undefined {
    const mine = this.notes.filter(({ holdId }) => holdId === id);
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
    const ids = new Set(this.notes.map(({ holdId }) => holdId));
    const holds = [...ids].map((id) => this.hold(id)).filter((hold) => hold !== undefined);
    return holds.filter(({ state }) => state === 'open').sort(byExpiry);
  }
}

function byExpiry(a: NaiveHold, b: NaiveHold): number {
  const order = timeOf(a) - timeOf(b);
  if (order !== 0 && !Number.isNaN(order)) return order;
  return a.id < b.id ? -1 : 1;
}

function timeOf({ expiresAt }: NaiveHold): number {
  return expiresAt === null ? Infinity : Date.parse(expiresAt);
}
