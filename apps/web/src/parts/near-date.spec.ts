import { describe, expect, it } from '@jest/globals';
import { nearDate } from './near-date.js';

const NOW = new Date(2026, 10, 23, 15, 0);

describe('a near date', () => {
  it.each([
    [new Date(2026, 10, 23, 14, 5), 'nl', 'vandaag 14:05'],
    [new Date(2026, 10, 22, 23, 59), 'nl', 'gisteren 23:59'],
    [new Date(2026, 10, 23, 0, 1), 'en', 'today 00:01'],
  ] as const)('%s is said in %s as %s', (at, language, text) => {
    expect(nearDate(at, NOW, language)).toBe(text);
  });

  it('is written in full when it is not near', () => {
    expect(nearDate(new Date(2026, 10, 21, 14, 5), NOW, 'nl')).toMatch(/^21 nov.* 2026.*14:05$/);
  });
});
