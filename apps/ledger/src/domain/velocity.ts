import { dayOf, monthOf } from './amsterdam.js';
import type { Side } from './side.js';

/**
 * How long a window is. Calendar windows are those of Europe/Amsterdam. A rolling window is counted in slots of a
 * sixtieth of its length: what was counted in a slot leaves the window when all of the slot has.
 */
export type VelocityWindow =
  | { readonly kind: 'day' }
  | { readonly kind: 'month' }
  | { readonly kind: 'rolling'; readonly seconds: number };

/** What counted in one slot of time: how many commands, and the sum of their amounts in minor units. */
export interface VelocitySlot {
  readonly startMs: number;
  readonly count: bigint;
  readonly sum: bigint;
}

/** One limit on one subject, with what counts towards it. */
export interface VelocityLimit {
  readonly name: string;
  readonly window: VelocityWindow;
  /** Of an account's limit: the side that counts. Null on any other subject. */
  readonly side: Side | null;
  /** Of an account's limit: only transfers with this account count. Null: all do. */
  readonly counterparty: string | null;
  readonly countMax: bigint | null;
  /** Minor units. */
  readonly sumMax: bigint | null;
  /** Oldest first; older ones than the window reaches may still be here. */
  readonly slots: readonly VelocitySlot[];
}

/** What one command adds to a limit: one to the count, and this much. */
export interface Use {
  readonly amount: bigint;
  readonly atMs: number;
}

/** Why a command would pass the limit. */
export interface VelocityRefusal {
  readonly limit: VelocityLimit;
  readonly countLeft: bigint | null;
  readonly sumLeft: bigint | null;
  /** From when there is room for this very command; null when there never is. */
  readonly freesAt: Date | null;
}

const SLOTS_PER_WINDOW = 60;
/** Bounds what is read with one subject. */
export const LIMITS_PER_SUBJECT_MAX = 8;

/** The limit with the use counted. */
export function counted(limit: VelocityLimit, use: Use): VelocityLimit {
  const startMs = slotOf(limit.window, use.atMs);
  const alive = limit.slots.filter((slot) => isAlive(limit.window, slot, use.atMs));
  const last = alive.at(-1);
  if (last?.startMs !== startMs) {
    return { ...limit, slots: [...alive, { startMs, count: 1n, sum: use.amount }] };
  }
  const more = { startMs, count: last.count + 1n, sum: last.sum + use.amount };
  return { ...limit, slots: [...alive.slice(0, -1), more] };
}

/** Why the use is one too many, or too much; undefined when there is room for it. */
export function refusalBy(limit: VelocityLimit, use: Use): VelocityRefusal | undefined {
  const alive = limit.slots.filter((slot) => isAlive(limit.window, slot, use.atMs));
  const used = totalOf(alive);
  if (hasRoom(limit, used, use)) return undefined;
  return {
    limit,
    countLeft: leftOf(limit.countMax, used.count),
    sumLeft: leftOf(limit.sumMax, used.sum),
    freesAt: freesAt(limit, alive, use),
  };
}

/** The first slot to leave that leaves room enough. */
function freesAt(limit: VelocityLimit, alive: readonly VelocitySlot[], use: Use): Date | null {
  for (let gone = 1; gone <= alive.length; gone += 1) {
    const leaving = alive[gone - 1];
    if (leaving !== undefined && hasRoom(limit, totalOf(alive.slice(gone)), use)) {
      return new Date(leavesAt(limit.window, leaving.startMs));
    }
  }
  return null;
}

function hasRoom(
  { countMax, sumMax }: VelocityLimit,
  used: { readonly count: bigint; readonly sum: bigint },
  { amount }: Use,
): boolean {
  return (
    (countMax === null || used.count + 1n <= countMax) &&
    (sumMax === null || used.sum + amount <= sumMax)
  );
}

function totalOf(slots: readonly VelocitySlot[]): { count: bigint; sum: bigint } {
  let [count, sum] = [0n, 0n];
  for (const slot of slots) {
    count += slot.count;
    sum += slot.sum;
  }
  return { count, sum };
}

function leftOf(max: bigint | null, used: bigint): bigint | null {
  if (max === null) return null;
  return max > used ? max - used : 0n;
}

function slotOf(window: VelocityWindow, atMs: number): number {
  switch (window.kind) {
    case 'day':
      return dayOf(atMs).startMs;
    case 'month':
      return monthOf(atMs).startMs;
    case 'rolling': {
      const slotMs = slotMsOf(window.seconds);
      return Math.floor(atMs / slotMs) * slotMs;
    }
  }
}

function isAlive(window: VelocityWindow, slot: VelocitySlot, atMs: number): boolean {
  return leavesAt(window, slot.startMs) > atMs;
}

/** When what was counted in a slot counts no longer. */
function leavesAt(window: VelocityWindow, startMs: number): number {
  switch (window.kind) {
    case 'day':
      return dayOf(startMs).endMs;
    case 'month':
      return monthOf(startMs).endMs;
    case 'rolling':
      return startMs + slotMsOf(window.seconds) + window.seconds * 1_000;
  }
}

function slotMsOf(seconds: number): number {
  return Math.ceil(seconds / SLOTS_PER_WINDOW) * 1_000;
}
