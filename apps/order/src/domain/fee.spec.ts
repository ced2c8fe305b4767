import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Money, Rate } from '@stuiver/money';
import { feeOf } from './fee.js';

const eur = (minor: bigint): Money => Money.ofMinor(minor, 'EUR');

describe('feeOf', () => {
  it('rounds half a cent up and adds the fixed part', () => {
    const prices = { rate: Rate.ofBasisPoints('100'), fixed: eur(5n) };
    expect(feeOf(eur(50n), prices).minor).toBe(6n);
    expect(feeOf(eur(49n), prices).minor).toBe(5n);
  });

  it('is never below zero and never more than the payment', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 12n }),
        fc.integer({ min: 0, max: 20_000 }),
        fc.bigInt({ min: 0n, max: 1_000n }),
        (amount, basisPoints, fixed) => {
          const rate = Rate.ofBasisPoints(String(basisPoints));
          const fee = feeOf(eur(amount), { rate, fixed: eur(fixed) });
          expect(fee.minor >= 0n && fee.minor <= amount).toBe(true);
        },
      ),
    );
  });
});
