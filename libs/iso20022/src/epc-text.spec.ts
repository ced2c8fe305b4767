import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toEpcText } from './epc-text.js';

describe('toEpcText', () => {
  it.each([
    ['Café De Stuiver', 'Cafe De Stuiver'],
    ['Müller & Söhne', 'Muller + Sohne'],
    ['Straße', 'Strasse'],
    ['Łódź', 'Lodz'],
    ['Smørrebrød Ærø', 'Smorrebrod AEro'],
    ['Καφές', 'Kafes'],
    ['Кафе Йордан', 'Kafe Yordan'],
    ['ﬁets ½', 'fiets 1/2'],
    ['  two\n\tlines  ', 'two lines'],
    ['zero\u200bwidth', 'zerowidth'],
    ['咖啡', '..'],
    ['\ud800', '.'],
  ])('writes %j as %j', (text, latin) => {
    expect(toEpcText(text)).toBe(latin);
  });

  it('leaves nothing but EPC Latin, and changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const latin = toEpcText(text);
        expect(latin).toMatch(/^[A-Za-z0-9 /?:().,'+-]*$/);
        expect(toEpcText(latin)).toBe(latin);
      }),
    );
  });
});
