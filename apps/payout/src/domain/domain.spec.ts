import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Money } from '@stuiver/money';
import { isComplete, type PendingLine, runningTotals } from './statement.js';
import { endOfT2BusinessDay, isT2BusinessDay, nextT2BusinessDay } from './t2-calendar.js';

const euro = (minor: bigint): Money => Money.ofMinor(minor, 'EUR');

const anyLines = fc.array(
  fc.record({
    side: fc.constantFrom<'debit' | 'credit'>('debit', 'credit'),
    minor: fc.bigInt({ min: 1n, max: 10n ** 9n }),
  }),
  { minLength: 1, maxLength: 50 },
);

function linesFrom(
  from: bigint,
  bookings: readonly { side: 'debit' | 'credit'; minor: bigint }[],
): PendingLine[] {
  return bookings.map(({ side, minor }, index) => ({
    version: from + BigInt(index),
    side,
    amount: euro(minor),
  }));
}

describe('a statement', () => {
  it('ends with the sum of its bookings', () => {
    fc.assert(
      fc.property(anyLines, (bookings) => {
        const totals = runningTotals(linesFrom(1n, bookings));
        const sum = bookings.reduce(
          (all, { side, minor }) => (side === 'credit' ? all + minor : all - minor),
          0n,
        );
        expect(totals.at(-1)?.minor).toBe(sum);
      }),
    );
  });

  it('is complete only when no version of its range is missing', () => {
    fc.assert(
      fc.property(anyLines, fc.nat(), (bookings, pick) => {
        const lines = linesFrom(5n, bookings);
        const range = { from: 5n, to: 4n + BigInt(lines.length) };
        expect(isComplete(lines, range)).toBe(true);
        expect(isComplete(lines.toSpliced(pick % lines.length, 1), range)).toBe(false);
      }),
    );
  });
});

describe('the T2 calendar', () => {
  it.each([
    ['2026-04-03', 'Good Friday'],
    ['2026-04-06', 'Easter Monday'],
    ['2027-03-26', 'Good Friday'],
    ['2027-03-29', 'Easter Monday'],
    ['2028-04-14', 'Good Friday'],
    ['2028-04-17', 'Easter Monday'],
    ['2026-05-01', 'Labour Day'],
    ['2026-12-25', 'Christmas'],
    ['2026-12-26', 'the day after'],
    ['2026-11-22', 'a Sunday'],
  ])('is closed on %s, %s', (day) => {
    expect(isT2BusinessDay(day)).toBe(false);
  });

  it.each([
    ['2026-04-27', "King's Day"],
    ['2026-05-14', 'Ascension'],
    ['2026-05-25', 'Whit Monday'],
  ])('is open on %s, %s', (day) => {
    expect(isT2BusinessDay(day)).toBe(true);
  });

  it('goes from the Thursday before Easter to the Tuesday after', () => {
    expect(nextT2BusinessDay('2026-04-02')).toBe('2026-04-07');
  });

  it.each([
    ['2026-11-23', 1, '2026-11-24T23:00:00.000Z', 'an ordinary day'],
    ['2026-11-27', 1, '2026-11-30T23:00:00.000Z', 'a weekend'],
    ['2027-03-25', 2, '2027-03-31T22:00:00.000Z', 'Easter, and summer time that begins in it'],
    ['2026-10-23', 1, '2026-10-26T23:00:00.000Z', 'the end of summer time'],
  ])('ends the day after %s and %i more at Amsterdam’s midnight', (day, count, end) => {
    expect(endOfT2BusinessDay(day, count).toISOString()).toBe(end);
  });
});
