import type { Decided, LedgerState } from '../domain/decide.js';
import type { VelocityLimit } from '../domain/velocity.js';
import type { CounterRow, RareRows } from './ledger-store.js';

type LimitRows = Pick<RareRows, 'limitsSet' | 'limitsRemoved' | 'counters' | 'swept'>;
type Limits = readonly VelocityLimit[];

const NONE: Limits = [];

/** What a batch did to limits and to what counts towards them; null when nothing, as for most. */
export function limitRowsOf(before: LedgerState, decided: Decided): LimitRows | null {
  const rows = new Rows();
  for (const { code, limits } of decided.changed.values()) {
    const was = before.accounts.get(code)?.limits ?? null;
    if (limits !== was) rows.compare(`account:${code}`, was ?? NONE, limits ?? NONE);
  }
  for (const [subject, limits] of decided.rare.subjects) {
    rows.compare(subject, before.rare.subjects.get(subject) ?? NONE, limits);
  }
  return rows.isEmpty ? null : rows;
}

class Rows implements LimitRows {
  readonly limitsSet: { subject: string; limit: VelocityLimit }[] = [];
  readonly limitsRemoved: { subject: string; name: string }[] = [];
  readonly counters: CounterRow[] = [];
  readonly swept: { subject: string; name: string; beforeMs: number | null }[] = [];

  get isEmpty(): boolean {
    const { limitsSet, limitsRemoved, counters, swept } = this;
    return limitsSet.length + limitsRemoved.length + counters.length + swept.length === 0;
  }

  compare(subject: string, was: Limits, now: Limits): void {
    for (const limit of now) {
      const before = was.find(({ name }) => name === limit.name);
      if (limit !== before) this.change(subject, before, limit);
    }
    for (const { name } of was) {
      if (now.every((limit) => limit.name !== name)) this.limitsRemoved.push({ subject, name });
    }
  }

  private change(subject: string, was: VelocityLimit | undefined, limit: VelocityLimit): void {
    const isAnew = was !== undefined && !goesOn(was.slots, limit.slots);
    // What was counted goes with the limit that it was counted towards.
    if (isAnew) this.limitsRemoved.push({ subject, name: limit.name });
    const before = isAnew ? undefined : was;
    if (before === undefined || !isSameLimit(before, limit))
      this.limitsSet.push({ subject, limit });
    this.count(subject, before?.slots ?? [], limit);
  }

  private count(
    subject: string,
    was: VelocityLimit['slots'],
    { name, slots }: VelocityLimit,
  ): void {
    const [oldestBefore, oldest] = [was[0], slots[0]];
    if (oldestBefore !== undefined && oldestBefore.startMs !== oldest?.startMs) {
      this.swept.push({ subject, name, beforeMs: oldest?.startMs ?? null });
    }
    for (const slot of slots) {
      if (was.includes(slot)) continue;
      const { startMs, count, sum } = slot;
      this.counters.push({ subject, name, slotMs: startMs, count, sum });
    }
  }
}

/** Whether the slots are what became of those before: swept from the oldest on, and grown. None are all swept. */
function goesOn(was: VelocityLimit['slots'], now: VelocityLimit['slots']): boolean {
  const [oldest] = now;
  if (oldest === undefined) return true;
  const after = new Map(now.map((slot) => [slot.startMs, slot]));
  return was.every(({ startMs, count, sum }) => {
    const slot = after.get(startMs);
    if (slot === undefined) return startMs < oldest.startMs;
    return slot.count >= count && slot.sum >= sum;
  });
}

function isSameLimit(a: VelocityLimit, b: VelocityLimit): boolean {
  return (
    a.countMax === b.countMax &&
    a.sumMax === b.sumMax &&
    a.side === b.side &&
    a.counterparty === b.counterparty &&
    JSON.stringify(a.window) === JSON.stringify(b.window)
  );
}
