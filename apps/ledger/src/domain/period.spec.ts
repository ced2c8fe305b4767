import { describe, expect, it } from '@jest/globals';
import { NEW_LEDGER, decide } from './decide.js';
import type { Command } from './commands.js';
import { endOfMonth, effectiveTime } from './period.js';

const NOVEMBER = new Date('2026-10-31T23:00:00Z');
const NOW = new Date('2026-11-23T12:00:00Z');
const BEFORE = '2026-10-31T22:59:59.999Z';
const SINCE = '2026-10-31T23:00:00.000Z';

let last = 0;
const id = (): string => `00000000-0000-4000-8000-${String((last += 1)).padStart(12, '0')}`;
const topUp = (effectiveAt: string): Command => ({
  ...{ kind: 'top-up', id: id(), effectiveAt, currency: 'EUR', amountMinor: '500' },
  ...{ userId: 'usr_a', psp: 'stripe' },
});
const pay = (effectiveAt: string): Command => ({
  ...{ kind: 'payment', id: id(), effectiveAt, currency: 'EUR', amountMinor: '100', feeMinor: '1' },
  ...{ funds: { kind: 'wallet', userId: 'usr_a' }, merchantId: '1900000001' },
});
const close = (month: string): Command => ({ kind: 'period-close', id: id(), month });

const decided = (commands: readonly Command[], openFrom = new Date(0)) =>
  decide(
    { ...NEW_LEDGER, at: NOW, openFrom },
    commands.map((command) => ({ command, content: JSON.stringify(command) })),
  );

describe('a closed month', () => {
  it('refuses asks that would take effect in it, and says from when they may', () => {
    const { decisions } = decided([topUp(SINCE), pay(BEFORE), pay(SINCE)], NOVEMBER);
    expect(decisions).toMatchObject([
      { outcome: 'posted' },
      { outcome: 'refused', code: 'PERIOD_CLOSED', firstOpenAt: NOVEMBER, account: null },
      { outcome: 'posted' },
    ]);
  });

  it('never refuses facts', () => {
    expect(decided([topUp(BEFORE)], NOVEMBER).decisions).toMatchObject([{ outcome: 'posted' }]);
  });

  it('is closed for the commands after its closing, not for those before it', () => {
    const { decisions, openFrom } = decided([
      ...[topUp(BEFORE), pay(BEFORE)],
      ...[close('2026-10'), pay(BEFORE), pay(SINCE)],
    ]);
    expect(decisions.map(({ outcome }) => outcome)).toEqual([
      ...['posted', 'posted', 'posted', 'refused', 'posted'],
    ]);
    expect(decisions[2]).toMatchObject({ moves: [] });
    expect(openFrom).toEqual(NOVEMBER);
  });

  it('is not opened by closing an earlier one', () => {
    const { decisions, openFrom } = decided([close('2026-09'), close('2026-10')], NOVEMBER);
    const refused = { outcome: 'refused', code: 'PERIOD_CLOSED', firstOpenAt: NOVEMBER };
    expect(decisions).toMatchObject([refused, refused]);
    expect(openFrom).toEqual(NOVEMBER);
  });

  it('closes those before it too', () => {
    expect(decided([close('2026-08'), close('2026-10')]).openFrom).toEqual(NOVEMBER);
  });

  it.each(['2026-11', '2027-01', 'october', '2026-13'])('cannot be %s', (month) => {
    const { decisions, openFrom } = decided([close(month)]);
    expect(decisions).toMatchObject([{ outcome: 'impossible', value: month }]);
    expect(openFrom).toEqual(new Date(0));
  });
});

describe('the end of a month', () => {
  it.each([
    { month: '2026-10', end: '2026-10-31T23:00:00.000Z' },
    { month: '2026-03', end: '2026-03-31T22:00:00.000Z' },
    { month: '2026-12', end: '2026-12-31T23:00:00.000Z' },
    { month: '2028-02', end: '2028-02-29T23:00:00.000Z' },
    { month: '1976-07', end: '1976-07-31T23:00:00.000Z' },
  ])('$month is midnight in Amsterdam', ({ month, end }) => {
    expect(endOfMonth(month)?.toISOString()).toBe(end);
  });

  it.each(['2026-00', '2026-13', '2026-1', '', '2026-10-01'])('is none of "%s"', (month) => {
    expect(endOfMonth(month)).toBeUndefined();
  });
});

describe('when a fact takes effect', () => {
  it('is its own time, or when the books are open again', () => {
    const later = new Date('2026-11-01T00:00:00Z');
    expect(effectiveTime(new Date(BEFORE), NOVEMBER)).toEqual(NOVEMBER);
    expect(effectiveTime(NOVEMBER, NOVEMBER)).toEqual(NOVEMBER);
    expect(effectiveTime(later, NOVEMBER)).toEqual(later);
  });
});
