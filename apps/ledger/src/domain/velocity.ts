import type { Side } from './chart-of-accounts.js';

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
