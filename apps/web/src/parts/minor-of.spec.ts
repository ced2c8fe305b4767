import { describe, expect, it } from '@jest/globals';
import { minorOf } from './minor-of.js';

describe('an amount that a person types', () => {
  it.each([
    ['12,50', '1250'],
    ['12.5', '1250'],
    [' 12 ', '1200'],
    ['0,05', '5'],
    ['999999999,99', '99999999999'],
  ])('%j is %s cents', (text, minor) => {
    expect(minorOf(text)).toBe(minor);
  });

  it.each(['', '0', '0,00', '-1', '1,234', '1.000,00', 'twaalf', '1e3'])('%j is none', (text) => {
    expect(minorOf(text)).toBeNull();
  });
});
