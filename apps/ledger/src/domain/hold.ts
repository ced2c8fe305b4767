import type { Currency } from '@stuiver/money';

export type HoldCondition = 'open' | 'captured' | 'released' | 'expired';

/** Money of one account that is set aside. Minor units; placed = captured + released + what remains. */
export interface HoldState {
  /** The id of the command that placed it, a dot, and which of the command's steps did. */
  readonly id: string;
  readonly account: string;
  readonly currency: Currency;
  /** Everything ever reserved by it, increases included. */
  readonly placed: bigint;
  readonly captured: bigint;
  readonly released: bigint;
  readonly condition: HoldCondition;
  /** Null: it never expires. */
  readonly expiresAt: Date | null;
}

/** `finish` releases what a final capture left. */
export type HoldEvent = 'increase' | 'capture' | 'release' | 'finish' | 'expire';
export type HoldRefusal = 'HOLD_ENDED' | 'HOLD_EXPIRED';

/**
 * Row: how the hold stands; `overdue` is open, but its time has come. Column: what is to happen to it. 'yes' may,
 * 'never' is nothing that anybody but the ledger could ask, and is no answer to keep.
 */
// prettier-ignore
const MAY = {
  open:     { increase: 'yes',          capture: 'yes',          release: 'yes',          finish: 'yes',          expire: 'never' },
  overdue:  { increase: 'HOLD_EXPIRED', capture: 'HOLD_EXPIRED', release: 'HOLD_EXPIRED', finish: 'HOLD_EXPIRED', expire: 'yes' },
  captured: { increase: 'HOLD_ENDED',   capture: 'HOLD_ENDED',   release: 'HOLD_ENDED',   finish: 'HOLD_ENDED',   expire: 'never' },
  released: { increase: 'HOLD_ENDED',   capture: 'HOLD_ENDED',   release: 'HOLD_ENDED',   finish: 'HOLD_ENDED',   expire: 'never' },
  expired:  { increase: 'HOLD_EXPIRED', capture: 'HOLD_EXPIRED', release: 'HOLD_EXPIRED', finish: 'HOLD_EXPIRED', expire: 'never' },
} as const satisfies Record<HoldCondition | 'overdue', Record<HoldEvent, HoldRefusal | 'yes' | 'never'>>;

/** Whether this may happen to the hold at that time, or why not. */
export function mayHold(
  hold: HoldState,
  event: HoldEvent,
  at: Date,
): HoldRefusal | 'yes' | 'never' {
  const isOverdue = hold.condition === 'open' && hold.expiresAt !== null && hold.expiresAt <= at;
  return MAY[isOverdue ? 'overdue' : hold.condition][event];
}

export function remainingOf({ placed, captured, released }: HoldState): bigint {
  return placed - captured - released;
}

export function increased(hold: HoldState, amount: bigint): HoldState {
  return { ...hold, placed: hold.placed + amount };
}

/** @param amount  at most what remains. */
export function captured(hold: HoldState, amount: bigint): HoldState {
  return ended({ ...hold, captured: hold.captured + amount }, 'captured');
}

/** @param amount  at most what remains. */
export function released(
  hold: HoldState,
  amount: bigint,
  as: Exclude<HoldCondition, 'open'>,
): HoldState {
  return ended({ ...hold, released: hold.released + amount }, as);
}

function ended(hold: HoldState, as: Exclude<HoldCondition, 'open'>): HoldState {
  return remainingOf(hold) === 0n ? { ...hold, condition: as } : hold;
}
