import { invariant } from '@stuiver/errors';
import { type Currency, minorDigitsOf } from './currency.js';

/** An exact amount. `minor` counts the smallest unit: 1250n EUR is twelve euros fifty. */
export class Money {
  private constructor(
    readonly minor: bigint,
    readonly currency: Currency,
  ) {}

  static ofMinor(minor: bigint, currency: Currency): Money {
    return new Money(minor, currency);
  }

  static zero(currency: Currency): Money {
    return new Money(0n, currency);
  }

  /**
   * Reads major units as bank files print them: "12.50" is 1250 minor.
   *
   * @throws RangeError when the text is not plain decimal or has more digits than the currency.
   */
  static parseMajor(text: string, currency: Currency): Money {
    const match = /^(-?)(\d{1,16})(?:\.(\d+))?$/.exec(text);
    const digits = minorDigitsOf(currency);
    const fraction = match?.[3] ?? '';
    if (match === null || fraction.length > digits) {
      throw new RangeError(`"${text}" is not an amount in ${currency}`);
    }
    const minor = BigInt((match[2] ?? '0') + fraction.padEnd(digits, '0'));
    return new Money(match[1] === '-' ? -minor : minor, currency);
  }

  plus(other: Money): Money {
    return new Money(this.minor + this.sameCurrency(other).minor, this.currency);
  }

  minus(other: Money): Money {
    return new Money(this.minor - this.sameCurrency(other).minor, this.currency);
  }

  isLessThan(other: Money): boolean {
    return this.minor < this.sameCurrency(other).minor;
  }

  equals(other: Money): boolean {
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- one currency today
    return this.currency === other.currency && this.minor === other.minor;
  }

  /** Major units with a point and all minor digits, as bank files want them: "12.50". */
  toMajorText(): string {
    const digits = minorDigitsOf(this.currency);
    const whole = (this.minor < 0n ? -this.minor : this.minor).toString().padStart(digits + 1, '0');
    const sign = this.minor < 0n ? '-' : '';
    return digits === 0
      ? sign + whole
      : `${sign}${whole.slice(0, -digits)}.${whole.slice(-digits)}`;
  }

  /** Minor units as the JSON integer that foreign wires want (the v3 API, Stripe); our own carry text. */
  toJsonInteger(): number {
    // eslint-disable-next-line no-restricted-syntax -- the one place, and it is checked to be exact
    const value = Number(this.minor);
    invariant(Number.isSafeInteger(value), 'an amount on a foreign wire is an exact JSON integer');
    return value;
  }

  /** Splits and loses nothing: parts always sum to the whole. Spare cents go to the first parts. */
  splitByWeight(weights: readonly bigint[]): Money[] {
    invariant(this.minor >= 0n, 'what is split is at least zero');
    invariant(weights.length > 0, 'a split has at least one part');
    invariant(
      weights.every((weight) => weight > 0n),
      'every part has a weight: a part of nothing gets no spare cent',
    );
    const total = weights.reduce((sum, weight) => sum + weight, 0n);
    const floors = weights.map((weight) => (this.minor * weight) / total);
    const spare = this.minor - floors.reduce((sum, part) => sum + part, 0n);
    invariant(spare >= 0n, 'a split never pays out more than the whole');
    return floors.map(
      (part, index) => new Money(part + (BigInt(index) < spare ? 1n : 0n), this.currency),
    );
  }

  private sameCurrency(other: Money): Money {
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- one currency today
    invariant(this.currency === other.currency, 'amounts of two currencies never meet');
    return other;
  }
}
