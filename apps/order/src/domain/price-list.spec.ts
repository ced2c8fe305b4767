import { describe, expect, it } from '@jest/globals';
import { Refusal } from '@stuiver/errors';
import { Money } from '@stuiver/money';
import fc from 'fast-check';
import { checkPrices, feeByLine, lineFor, type PriceLine, returnedFee } from './price-list.js';

const eur = (minor: bigint): Money => Money.ofMinor(minor, 'EUR');
const line = (over: Partial<PriceLine> = {}): PriceLine => ({
  method: 'default',
  basisPoints: '140',
  fixedMinor: 25n,
  minimumMinor: 0n,
  capMinor: null,
  vat: { reason: 'exempt', percent: '0' },
  ...over,
});
const STANDARD = { reason: 'standard', percent: '21' } as const;

const anyLine = fc
  .record({
    points: fc.integer({ min: 0, max: 1_000_000 }),
    fixedMinor: fc.bigInt({ min: 0n, max: 1_000n }),
    minimumMinor: fc.bigInt({ min: 0n, max: 500n }),
    room: fc.option(fc.bigInt({ min: 0n, max: 5_000n })),
    vat: fc.constantFrom(
      STANDARD,
      { reason: 'standard', percent: '9' } as const,
      { reason: 'standard', percent: '5.5' } as const,
      { reason: 'exempt', percent: '0' } as const,
      { reason: 'reverse-charge', percent: '0' } as const,
    ),
  })
  .map(({ points, room, ...rest }) =>
    line({
      ...rest,
      basisPoints: (points / 100).toFixed(2),
      capMinor: room === null ? null : rest.minimumMinor + room,
    }),
  );
const anyAmount = fc.bigInt({ min: 1n, max: 10n ** 12n });

describe('feeByLine', () => {
  it.each([
    ['a share and a fixed part', 1_000n, {}, [39n, 0n]],
    ['half a cent up', 50n, { basisPoints: '100', fixedMinor: 5n }, [6n, 0n]],
    ['less than half a cent down', 49n, { basisPoints: '100', fixedMinor: 5n }, [5n, 0n]],
    ['a share of a basis point', 100_000n, { basisPoints: '0.25', fixedMinor: 0n }, [3n, 0n]],
    ['at least the minimum', 100n, { minimumMinor: 30n }, [30n, 0n]],
    ['at most the cap', 1_000_000n, { capMinor: 500n }, [500n, 0n]],
    ['VAT on top', 1_000n, { vat: STANDARD }, [47n, 8n]],
    ['VAT on the capped price', 1_000_000n, { capMinor: 500n, vat: STANDARD }, [605n, 105n]],
    ['VAT of a rate with a part', 10_000n, { vat: { ...STANDARD, percent: '5.5' } }, [174n, 9n]],
    ['no more than the payment', 10n, {}, [10n, 0n]],
    ['VAT within the payment', 10n, { vat: STANDARD }, [10n, 2n]],
  ] as const)('%s', (_name, amount, over, costs) => {
    const fee = feeByLine(eur(amount), line(over));
    expect([fee.total.minor, fee.vat.minor]).toEqual(costs);
  });

  it('is within zero and the payment, and the VAT within the fee', () => {
    fc.assert(
      fc.property(anyAmount, anyLine, (amount, priced) => {
        const { total, vat } = feeByLine(eur(amount), priced);
        expect(total.minor >= 0n && total.minor <= amount).toBe(true);
        expect(vat.minor >= 0n && vat.minor <= total.minor).toBe(true);
        if (priced.vat.reason !== 'standard') expect(vat.minor).toBe(0n);
      }),
    );
  });

  it('keeps to minimum and cap without VAT, and VAT to half a cent of its share', () => {
    fc.assert(
      fc.property(anyAmount, anyLine, (amount, priced) => {
        const { total, vat } = feeByLine(eur(amount), priced);
        if (total.minor === amount) return;
        const net = total.minor - vat.minor;
        expect(net >= priced.minimumMinor).toBe(true);
        expect(priced.capMinor === null || net <= priced.capMinor).toBe(true);
        const off = 2n * (vat.minor * 1_000n - net * BigInt(Number(priced.vat.percent) * 10));
        expect(off > -1_000n && off <= 1_000n).toBe(true);
      }),
    );
  });

  it('costs never less for a higher payment', () => {
    fc.assert(
      fc.property(anyAmount, anyAmount, anyLine, (one, other, priced) => {
        const [low, high] = one < other ? [one, other] : [other, one];
        const dear = feeByLine(eur(high), priced).total.minor;
        expect(feeByLine(eur(low), priced).total.minor <= dear).toBe(true);
      }),
    );
  });
});

describe('lineFor', () => {
  it('takes the method’s own line, or the default', () => {
    const [ideal, other] = [line({ method: 'ideal' }), line()];
    const prices = { lines: [ideal, other], onRefund: 'kept' } as const;
    expect(lineFor(prices, 'ideal')).toBe(ideal);
    expect(lineFor(prices, 'card')).toBe(other);
  });
});

describe('returnedFee', () => {
  it('gives the whole fee back with the whole payment, however it is cut', () => {
    const cuts = fc.array(fc.bigInt({ min: 1n, max: 10n ** 6n }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(cuts, fc.bigInt({ min: 0n, max: 100n }), (parts, percent) => {
        const paid = parts.reduce((sum, part) => sum + part, 0n);
        const fee = eur((paid * percent) / 100n);
        let [gone, back] = [0n, 0n];
        for (const part of parts) {
          const before = returnedFee(fee, eur(paid), eur(gone)).minor;
          gone += part;
          const now = returnedFee(fee, eur(paid), eur(gone)).minor;
          expect(now >= before).toBe(true);
          back += now - before;
        }
        expect(back).toBe(fee.minor);
      }),
    );
  });
});

describe('checkPrices', () => {
  const said = (lines: readonly PriceLine[], onRefund: 'kept' | 'returned' = 'kept'): string => {
    try {
      checkPrices({ lines, onRefund });
      return 'nothing';
    } catch (error) {
      return error instanceof Refusal ? (error.facts['field'] ?? '') : 'another error';
    }
  };

  it('names the field that contradicts another', () => {
    expect(said([line()])).toBe('nothing');
    expect(said([line(), line()])).toBe('lines[1].method');
    expect(said([line({ method: 'card' })])).toBe('lines');
    expect(said([line({ minimumMinor: 9n, capMinor: 8n })])).toBe('lines[0].capMinor');
    expect(said([line({ vat: { reason: 'exempt', percent: '21' } })])).toBe('lines[0].vat.percent');
    expect(said([line({ vat: { ...STANDARD, percent: '0.0' } })])).toBe('lines[0].vat.percent');
    expect(said([line()], 'returned')).toBe('onRefund');
  });
});
