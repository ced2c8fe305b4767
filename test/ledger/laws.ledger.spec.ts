import { describe, expect, it } from '@jest/globals';
import { type Examined, lawsBroken } from './laws.js';

const RESULT = { outcome: 'posted', batch: '1' };
const BOOKS: Examined = {
  ...{ finding: null, batches: 1, commands: 1, transfers: 1, differences: [] },
  results: { a: { kind: 'top-up', content: 'one', result: RESULT } },
};
const ANSWERED = { id: 'a', content: 'one', answer: RESULT };

describe('what callers heard, beside the books', () => {
  it('is as they say it', () => {
    const repeated = [ANSWERED, ANSWERED, { id: 'a', content: 'two', code: 'COMMAND_CONFLICT' }];
    expect(lawsBroken(repeated, BOOKS)).toEqual([]);
  });

  it.each([
    { what: 'a command that was answered and is not there', heard: { ...ANSWERED, id: 'b' } },
    { what: 'another answer', heard: { ...ANSWERED, answer: { ...RESULT, batch: '2' } } },
    {
      what: 'a conflict with nothing',
      heard: { id: 'a', content: 'one', code: 'COMMAND_CONFLICT' },
    },
  ])('is not: $what', ({ heard }) => {
    expect(lawsBroken([ANSWERED, heard], BOOKS)).toHaveLength(1);
  });

  it('is not all there is: somebody booked what nobody sent', () => {
    expect(lawsBroken([], BOOKS)).toEqual(['nobody sent a']);
  });

  it('says what verify and the model found', () => {
    const examined = { ...BOOKS, finding: { table: 'batch' }, differences: ['an account'] };
    expect(lawsBroken([ANSWERED], examined)).toHaveLength(2);
  });
});
