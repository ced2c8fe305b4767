import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Money } from '@stuiver/money';
import { isSamePerson, PLAIN_NAME } from './person.js';
import { Purse } from './purse.js';
import { amsterdamDay, isTooLateFor } from './t2-calendar.js';

const euro = (minor: bigint): Money => Money.ofMinor(minor, 'EUR');
const anyMinor = fc.bigInt({ min: 1n, max: 10n ** 6n });

describe('a purse', () => {
  it('never gives more than it holds, and gives the oldest first', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -100n, max: 10n ** 7n }), fc.array(anyMinor), (left, asked) => {
        const purse = new Purse(euro(left));
        const given = asked.map((minor) => purse.take(euro(minor)));
        const sum = asked.reduce((all, minor, at) => (given[at] === true ? all + minor : all), 0n);
        expect(sum === 0n || sum <= left).toBe(true);
        expect(given.toSorted((a, b) => Number(b) - Number(a))).toEqual(given);
      }),
    );
  });
});

describe('a person', () => {
  it.each([
    ['Anna', 'anna'],
    ['Anna', ' ANNA '],
    ['Zoë', 'Zoe\u0308'],
    ['Ａnna', 'Anna'],
  ])('called %j is also called %j', (one, other) => {
    expect(isSamePerson(one, other)).toBe(true);
  });

  it('is not another one', () => {
    expect(isSamePerson('Anna', 'Bram')).toBe(false);
  });

  it.each(['Anna', 'Anna de Vries', 'Zoë', '李'])('may be called %j', (name) => {
    expect(PLAIN_NAME.test(name)).toBe(true);
  });

  it.each(['', ' Anna', 'Anna ', 'Anna\n', 'An\u200Bna', '\u00A0Anna', 'A\tb', 'x'.repeat(71)])(
    'may not be called %j',
    (name) => {
      expect(PLAIN_NAME.test(name)).toBe(false);
    },
  );
});

describe('a day for the bank', () => {
  it('is too late on that day in Amsterdam, not before', () => {
    expect(isTooLateFor('2026-11-24', new Date('2026-11-23T22:59:59Z'))).toBe(false);
    expect(isTooLateFor('2026-11-24', new Date('2026-11-23T23:00:00Z'))).toBe(true);
    expect(amsterdamDay(new Date('2026-07-01T22:00:00Z'))).toBe('2026-07-02');
  });
});
