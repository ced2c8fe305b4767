import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { basisPointsOf, centsOf, wholesOf } from './price-numbers.js';

describe('numbers of prices', () => {
  it.each([
    ['1,4', '140'],
    ['0.25', '25'],
    ['0', '0'],
    [' 2 ', '200'],
    ['1,4567', '145.67'],
    ['99,9', '9990'],
    ['100', null],
    ['1,4 %', null],
    ['', null],
    ['-1', null],
  ])('%s percent is %s basis points', (typed, points) => {
    expect(basisPointsOf(typed)).toBe(points);
  });

  it.each([
    ['0,25', '25'],
    ['12', '1200'],
    ['12.5', '1250'],
    ['0,005', null],
    ['x', null],
  ])('%s euros is %s cents', (typed, cents) => {
    expect(centsOf(typed)).toBe(cents);
  });

  it('read back what they write', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_999 }), fc.constantFrom(',', '.'), (n, comma) => {
        const written = wholesOf(String(n), comma);
        expect([basisPointsOf(written), centsOf(written)]).toEqual([String(n), String(n)]);
      }),
    );
  });
});
