import type { VelocityLimit } from '../domain/velocity.js';
import type { CounterRow, RareRows } from '../use-cases/ledger-store.js';
import { need } from './rows-broken.js';

type Counter = Omit<CounterRow, 'subject' | 'name'>;

interface LimitRow {
  readonly subject: string;
  readonly limit: VelocityLimit;
  readonly counters: readonly Counter[];
}

/** The tables of limits and of what counts towards them, and what a batch does to them. */
export class MemoryLimits {
  private readonly rows: LimitRow[];

  constructor(rows: readonly LimitRow[] = []) {
    this.rows = [...rows];
  }

  fork(): MemoryLimits {
    return new MemoryLimits(this.rows);
  }

  get subjects(): ReadonlySet<string> {
    return new Set(this.rows.map(({ subject }) => subject));
  }

  /** By name, each with its counters, the oldest first; undefined when there is none. */
  of(subject: string): readonly VelocityLimit[] | undefined {
    const mine = this.rows.filter((row) => row.subject === subject);
    if (mine.length === 0) return undefined;
    const limits = mine.map(({ limit, counters }) => ({
      ...limit,
      slots: counters.map(({ slotMs, count, sum }) => ({ startMs: slotMs, count, sum })),
    }));
    return limits.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  put({ limitsRemoved, limitsSet, swept, counters }: RareRows): void {
    for (const { subject, name } of limitsRemoved) this.remove(subject, name);
    for (const { subject, limit } of limitsSet) this.set(subject, limit);
    for (const { subject, name, beforeMs } of swept) {
      const isKept = ({ slotMs }: Counter): boolean => beforeMs !== null && slotMs >= beforeMs;
      this.change(subject, name, (before) => before.filter(isKept));
    }
    for (const { subject, name, ...counter } of counters) {
      this.change(subject, name, (before) => withCounter(before, counter));
    }
  }

  private remove(subject: string, name: string): void {
    const index = this.indexOf(subject, name);
    if (index >= 0) this.rows.splice(index, 1);
  }

  private set(subject: string, limit: VelocityLimit): void {
    const index = this.indexOf(subject, limit.name);
    const counters = this.rows[index]?.counters ?? [];
    if (index < 0) this.rows.push({ subject, limit, counters });
    else this.rows[index] = { subject, limit, counters };
  }

  private change(
    subject: string,
    name: string,
    how: (counters: readonly Counter[]) => readonly Counter[],
  ): void {
    const index = this.indexOf(subject, name);
    const row = this.rows[index];
    need(row !== undefined, 'what counts, counts towards a limit');
    if (row !== undefined) this.rows[index] = { ...row, counters: how(row.counters) };
  }

  private indexOf(subject: string, name: string): number {
    return this.rows.findIndex((row) => row.subject === subject && row.limit.name === name);
  }
}

function withCounter(before: readonly Counter[], counter: Counter): readonly Counter[] {
  const was = before.find(({ slotMs }) => slotMs === counter.slotMs);
  need(counter.count > 0n && counter.sum >= 0n, 'what counted is something');
  need(
    was === undefined || (counter.count >= was.count && counter.sum >= was.sum),
    'what counted is not uncounted',
  );
  const others = before.filter((other) => other !== was);
  return [...others, counter].sort((a, b) => a.slotMs - b.slotMs);
}
