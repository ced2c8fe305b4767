import type { Money } from '@stuiver/money';

/**
 * What a merchant can be paid out at most. Settlements are asked about oldest first, and one that does not fit makes
 * the later ones wait too: otherwise small new ones would for ever take what the old one waits for.
 */
export class Purse {
  private isShort = false;

  /** @param left  the available balance without what other payouts will take; may be below zero. */
  constructor(private left: Money) {}

  /** Sets the amount aside when it is there. */
  take(amount: Money): boolean {
    if (this.isShort || this.left.isLessThan(amount)) {
      this.isShort = true;
      return false;
    }
    this.left = this.left.minus(amount);
    return true;
  }
}
