import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Money } from '@stuiver/money';
import {
  nextTurn,
  type SettlementTerms,
  STANDARD_TERMS,
  whyNotSettled,
} from './settlement-terms.js';
import { addDays } from './t2-calendar.js';

const euro = (minor: bigint): Money => Money.ofMinor(minor, 'EUR');
const terms = (over: Partial<SettlementTerms>): SettlementTerms => ({ ...STANDARD_TERMS, ...over });
const sold = (oldestDay: string, settledDay: string | null = null, cents = 1_000n) => {
  return { open: euro(cents), oldestDay, settledDay };
};
const FRIDAYS = terms({ every: 'week', onDay: 5 });
const ULTIMO = terms({ every: 'month', onDay: 31 });

describe('an account', () => {
  it('is settled each day when nothing else is agreed', () => {
    expect(whyNotSettled(STANDARD_TERMS, sold('2026-11-24', '2026-11-24'), '2026-11-24')).toBe(
      undefined,
    );
  });

  it.each([
    ['on its day', '2026-11-27', sold('2026-11-24'), undefined],
    ['not before', '2026-11-26', sold('2026-11-24'), 'not-yet'],
    ['on the day after when nobody came on its day', '2026-11-28', sold('2026-11-24'), undefined],
    ['once in a week', '2026-11-28', sold('2026-11-27', '2026-11-27'), 'not-yet'],
    ['not for what was sold since its day', '2026-11-28', sold('2026-11-28'), 'not-yet'],
  ])('of a week is settled %s', (_when, today, account, why) => {
    expect(whyNotSettled(FRIDAYS, account, today)).toBe(why);
  });

  it.each([
    ['2026-11-29', 'not-yet'],
    ['2026-11-30', undefined],
    ['2026-12-01', undefined],
  ])('of a month that wants the 31st is settled in November on %s: %s', (today, why) => {
    expect(whyNotSettled(ULTIMO, sold('2026-11-02', '2026-10-31'), today)).toBe(why);
  });

  it('is carried on below its minimum', () => {
    const least = terms({ minimum: euro(2_500n) });
    expect(whyNotSettled(least, sold('2026-11-24', null, 2_499n), '2026-11-24')).toBe(
      'below-minimum',
    );
    expect(whyNotSettled(least, sold('2026-11-24', null, 2_500n), '2026-11-24')).toBe(undefined);
  });

  it('is settled when asked for, and when its oldest sale is 90 days old', () => {
    const asked = terms({ every: 'asked', minimum: euro(1_000_000n) });
    expect(whyNotSettled(asked, sold('2026-11-24'), '2027-02-21')).toBe('when-asked');
    expect(whyNotSettled(asked, sold('2026-11-24'), '2027-02-22')).toBe(undefined);
    expect(nextTurn(asked, '2026-11-24')).toBeNull();
  });

  it('has its turn after at most a month, and is settled on it', () => {
    const any = fc.oneof(
      fc.constant(STANDARD_TERMS),
      fc.integer({ min: 1, max: 7 }).map((onDay) => terms({ every: 'week', onDay })),
      fc.integer({ min: 1, max: 31 }).map((onDay) => terms({ every: 'month', onDay })),
    );
    fc.assert(
      fc.property(any, fc.integer({ min: 0, max: 3_000 }), (own, days) => {
        const today = addDays('2026-01-01', days);
        const turn = nextTurn(own, today) ?? '';
        expect(turn > today && turn <= addDays(today, 31)).toBe(true);
        expect(whyNotSettled(own, sold(turn, today), turn)).toBe(undefined);
        if (own.every !== 'day') expect(whyNotSettled(own, sold(turn, turn), turn)).toBe('not-yet');
      }),
    );
  });
});
