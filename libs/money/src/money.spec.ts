import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Money, minorOf, Rate } from './index.js';

const anyMinor = fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n });
const positiveMinor = fc.bigInt({ min: 0n, max: 10n ** 17n });
const euro = (minor: bigint): Money => Money.ofMinor(minor, 'EUR');

describe('Money', () => {
  it('adds and takes away without loss', () => {
    fc.assert(
      fc.property(anyMinor, anyMinor, (a, b) => {
        expect(euro(a).plus(euro(b)).minus(euro(b)).equals(euro(a))).toBe(true);
      }),
    );
  });

  it('reads back exactly what it prints', () => {
    fc.assert(
      fc.property(anyMinor, (minor) => {
        expect(Money.parseMajor(euro(minor).toMajorText(), 'EUR').minor).toBe(minor);
      }),
    );
  });

  it.each([
    [1n, '0.01'],
    [-1n, '-0.01'],
    [0n, '0.00'],
    [1250n, '12.50'],
    [99_999_999_999n, '999999999.99'],
  ])('prints %s minor as %s', (minor, text) => {
    expect(euro(minor).toMajorText()).toBe(text);
  });

  it.each(['', '1,5', '1.234', '1e3', ' 1', '+1', '.5', '1.', '--1', 'NaN'])(
    'refuses to read "%s"',
    (text) => {
      expect(() => Money.parseMajor(text, 'EUR')).toThrow(RangeError);
    },
  );
});

describe('Money.toJsonInteger', () => {
  it('is exact, or refused', () => {
    expect(euro(1250n).toJsonInteger()).toBe(1250);
    expect(() => euro(2n ** 53n).toJsonInteger()).toThrow('exact JSON integer');
  });
});

describe('Money.splitByWeight', () => {
  it('gives the spare cent to the first part', () => {
    const parts = euro(100n).splitByWeight([1n, 1n, 1n]);
    expect(parts.map((part) => part.minor)).toEqual([34n, 33n, 33n]);
  });

  it('loses nothing, whatever the weights', () => {
    const weights = fc.array(fc.bigInt({ min: 1n, max: 10n ** 9n }), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(positiveMinor, weights, (minor, shares) => {
        const parts = euro(minor).splitByWeight(shares);
        expect(parts.reduce((sum, part) => sum + part.minor, 0n)).toBe(minor);
        expect(parts.every((part) => part.minor >= 0n)).toBe(true);
      }),
    );
  });

  it('refuses no parts and parts without weight', () => {
    expect(() => euro(1n).splitByWeight([])).toThrow('at least one part');
    expect(() => euro(1n).splitByWeight([0n])).toThrow('weight');
  });
});

describe('Rate', () => {
  it.each([
    ['140', 1000n, 14n],
    ['140', 25n, 0n],
    ['140', 36n, 1n],
    ['0.5', 10_000n, 1n],
    ['10000', 123n, 123n],
    ['0', 123n, 0n],
  ])('%s basis points of %s minor is %s, half-up', (points, amount, share) => {
    expect(Rate.ofBasisPoints(points).of(euro(amount)).minor).toBe(share);
  });

  it('is never further than half a cent from the exact share', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), positiveMinor, (points, minor) => {
        const share = Rate.ofBasisPoints(String(points)).of(euro(minor)).minor;
        const twice = 2n * (share * 10_000n - minor * BigInt(points));
        expect(twice > -10_000n && twice <= 10_000n).toBe(true);
      }),
    );
  });
});

describe('minorOf', () => {
  it.each(['-1', '01', '1.0', '', '1e2', '9999999999999999999'])('refuses "%s"', (text) => {
    expect(() => minorOf(text)).toThrow(RangeError);
  });
});
