import { describe, expect, it } from '@jest/globals';
import { csvOf, decimalOf } from './csv.js';

describe('an exported list', () => {
  it.each([
    ['0', '0.00'],
    ['5', '0.05'],
    ['-5', '-0.05'],
    ['123456', '1234.56'],
    ['-1200', '-12.00'],
  ])('has %s minor units as %s', (minor, text) => {
    expect(decimalOf(minor)).toBe(text);
  });

  it('runs no formula in a spreadsheet, and leaves amounts alone', () => {
    const cells = ['=1+1', '+31', '-2+3', '@SUM(A1)', '\tx', '-12.50', 'gewoon'];
    const [, row] = csvOf(['a'], [cells]).split('\r\n');
    expect(row).toBe(`'=1+1,'+31,'-2+3,'@SUM(A1),'\tx,-12.50,gewoon`);
  });

  it('quotes what holds a comma, a quote or a line break', () => {
    expect(csvOf(['a', 'b'], [['x,y', 'say "hi"\nthere']])).toBe(
      '\uFEFFa,b\r\n"x,y","say ""hi""\nthere"\r\n',
    );
  });
});
