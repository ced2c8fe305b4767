import { Decimal } from 'decimal.js';
import { invariant } from '@stuiver/errors';
import { Money } from './money.js';

const BASIS_POINTS_PER_WHOLE = 10_000;

/** A share of an amount, such as a fee rate. Decimal inside, so 1.4 % is exactly 1.4 %. */
export class Rate {
  private constructor(private readonly basisPoints: Decimal) {}

  /** @param basisPoints  hundredths of a percent, as decimal text: "140" is 1.4 %. Not negative. */
  static ofBasisPoints(basisPoints: string): Rate {
    const value = new Decimal(basisPoints);
    invariant(value.isFinite() && !value.isNegative(), 'a rate is a number of at least zero');
    return new Rate(value);
  }

  /** The share of `amount`, rounded half-up to a whole minor unit. */
  of(amount: Money): Money {
    invariant(amount.minor >= 0n, 'a rate is taken of an amount of at least zero');
    const exact = new Decimal(amount.minor.toString())
      .times(this.basisPoints)
      .div(BASIS_POINTS_PER_WHOLE);
    return Money.ofMinor(BigInt(exact.toFixed(0, Decimal.ROUND_HALF_UP)), amount.currency);
  }
}
