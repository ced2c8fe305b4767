import { describe, expect, it } from '@jest/globals';
import { lastBusinessDayOf, lastDayOf, lastMomentOf, monthsBack, nextMonth } from './month.js';

describe('a month', () => {
  it.each([
    ['2026-10', '2026-11', '2026-10-31', '2026-10-30', '2026-10-31T22:59:59.999Z'],
    ['2026-03', '2026-04', '2026-03-31', '2026-03-31', '2026-03-31T21:59:59.999Z'],
    ['2026-12', '2027-01', '2026-12-31', '2026-12-31', '2026-12-31T22:59:59.999Z'],
    ['2028-02', '2028-03', '2028-02-29', '2028-02-29', '2028-02-29T22:59:59.999Z'],
    // The last day of March 2024 was Easter Sunday: banks settled last on Maundy Thursday.
    ['2024-03', '2024-04', '2024-03-31', '2024-03-28', '2024-03-31T21:59:59.999Z'],
  ])('ends in Amsterdam: %s', (month, ...ends) => {
    const lastMoment = lastMomentOf(month).toISOString();
    const found = [nextMonth(month), lastDayOf(month), lastBusinessDayOf(month), lastMoment];
    expect(found).toEqual(ends);
  });

  it('follows another', () => {
    expect(monthsBack('2026-11', '2027-02')).toEqual(['2027-02', '2027-01', '2026-12', '2026-11']);
    expect(monthsBack('2026-11', '2026-11')).toEqual(['2026-11']);
  });
});
