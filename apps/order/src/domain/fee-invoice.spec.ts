import { describe, expect, it } from '@jest/globals';
import { Money } from '@stuiver/money';
import fc from 'fast-check';
import { type FeeGroup, invoiceLines, invoiceNumber, sumOf } from './fee-invoice.js';
import { flatPrice, type Prices } from './price-list.js';

const eur = (minor: bigint): Money => Money.ofMinor(minor, 'EUR');
const FLAT = flatPrice({ basisPoints: '140', fixedMinor: 5n });
const TAXED: Prices = {
  ...FLAT,
  lines: FLAT.lines.map((line) => ({ ...line, vat: { reason: 'standard', percent: '21' } })),
};
const anyGroup = fc
  .record({
    method: fc.constantFrom('wallet' as const, 'ideal' as const, 'card' as const),
    prices: fc.constantFrom(null, FLAT, TAXED),
    count: fc.bigInt({ min: 1n, max: 1_000n }),
    paid: fc.bigInt({ min: 1n, max: 10n ** 9n }),
    net: fc.bigInt({ min: 0n, max: 10n ** 6n }),
    vat: fc.bigInt({ min: 0n, max: 10n ** 5n }),
  })
  .map(({ paid, net, vat, ...rest }): FeeGroup => ({
    ...rest,
    ...{ paid: eur(paid), fee: eur(net + vat), vat: eur(vat) },
  }));

describe('invoiceLines', () => {
  it('sum to what was charged, to the cent, one line per method and VAT', () => {
    fc.assert(
      fc.property(fc.array(anyGroup, { maxLength: 20 }), (groups) => {
        const lines = invoiceLines(groups);
        const { net, tax } = sumOf(lines);
        const charged = groups.reduce((sum, { fee }) => sum + fee.minor, 0n);
        expect(net.plus(tax).minor).toBe(charged);
        expect(tax.minor).toBe(groups.reduce((sum, { vat }) => sum + vat.minor, 0n));
        const keys = lines.map(({ method, vat }) => `${method} ${vat.reason}`);
        expect(new Set(keys).size).toBe(keys.length);
        const counted = lines.reduce((sum, { count }) => sum + count, 0n);
        expect(counted).toBe(groups.reduce((sum, { count }) => sum + count, 0n));
      }),
    );
  });
});

describe('invoiceNumber', () => {
  it('is the year and six digits', () => {
    expect(invoiceNumber({ year: 2026, no: 17 })).toBe('2026-000017');
  });
});
