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

export function remainingOf({ placed, captured, released }: HoldState): bigint {
  return placed - captured - released;
}
