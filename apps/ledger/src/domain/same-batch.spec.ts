import { describe, expect, it } from '@jest/globals';
import { book, COMMON, funded, pay, topUp, WALLET } from '../testing/book.js';
import type { Command } from './commands.js';
import { BATCH_COMMANDS_MAX, decide, isSameCommand, NEW_LEDGER } from './decide.js';

const FUNDED = funded('2026-11-23T12:00:00Z', '100000');
const entriesOf = (commands: readonly Command[]) =>
  commands.map((command) => ({ command, content: JSON.stringify(command) }));
const payments = (count: number): Command[] =>
  Array.from({ length: count }, (_, index) => pay(String(index), '1'));
/** Of holds that nobody knows: they are judged like any other. */
const expiries = (count: number): Command[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ kind: 'hold-expire', id: `x${String(index)}`, holdId: `h${String(index)}` },
  }));

describe('a batch', () => {
  it('takes 512 commands from outside, and as many expiries before them', () => {
    const full = [...expiries(BATCH_COMMANDS_MAX), ...payments(BATCH_COMMANDS_MAX)];
    expect(decide(FUNDED, entriesOf(full)).decisions).toHaveLength(2 * BATCH_COMMANDS_MAX);
    expect(() => decide(FUNDED, entriesOf(payments(BATCH_COMMANDS_MAX + 1)))).toThrow('512');
    expect(() =>
      decide(FUNDED, entriesOf([...expiries(1), ...payments(BATCH_COMMANDS_MAX + 1)])),
    ).toThrow('512');
  });

  it('may be of expiries alone, or of nothing', () => {
    const many = expiries(BATCH_COMMANDS_MAX + 1);
    expect(decide(FUNDED, entriesOf(many)).decisions).toHaveLength(many.length);
    expect(decide(FUNDED, []).decisions).toEqual([]);
  });

  it('answers a command that stands in it twice with the first of them', () => {
    const { decisions } = book(
      FUNDED,
      topUp('9', '1'),
      pay('1', '5'),
      pay('1', '5'),
      pay('1', '6'),
    );
    expect(decisions.map(({ outcome }) => outcome)).toEqual([
      ...['posted', 'posted', 'repeat', 'conflict'],
    ]);
    expect(decisions[2]).toEqual({ outcome: 'repeat', index: 1 });
    const first = book(FUNDED, pay('1', '5'), pay('1', '5')).decisions;
    expect(first[1]).toEqual({ outcome: 'repeat', index: 0 });
  });

  it('keeps no answer for what cannot be a command: under its id, another may follow', () => {
    const nowhere = { kind: 'account-set', id: '1', ...COMMON, account: 'no:such' } as const;
    const { decisions } = book(FUNDED, nowhere, pay('1', '5'), pay('1', '5'));
    expect(decisions).toMatchObject([
      ...[{ outcome: 'impossible' }, { outcome: 'posted' }, { outcome: 'repeat', index: 1 }],
    ]);
  });

  it.each(
    // prettier-ignore
    [
      { first: ['payment', 'x'], second: ['payment', 'x'], same: true },
      { first: ['payment', 'x'], second: ['payment', 'y'], same: false },
      { first: ['void', 'x'],    second: ['payment', 'y'], same: true },
      { first: ['payment', 'x'], second: ['void', 'y'],    same: true },
      { first: ['void', 'x'],    second: ['void', 'y'],    same: true },
    ],
  )('takes $first and $second for the same: $same', ({ first, second, same }) => {
    const of = ([kind = '', content = '']: readonly string[]) => ({ kind, content });
    expect(isSameCommand(of(first), of(second))).toBe(same);
  });

  it('answers a void with what its id led to, and what follows a void with that', () => {
    const cancel: Command = { kind: 'void', id: '1' };
    expect(book(FUNDED, pay('1', '5'), cancel).decisions).toMatchObject([
      ...[{ outcome: 'posted' }, { outcome: 'repeat', index: 0 }],
    ]);
    expect(book(FUNDED, cancel, pay('1', '5')).decisions).toMatchObject([
      ...[
        { outcome: 'refused', code: 'VOIDED' },
        { outcome: 'repeat', index: 0 },
      ],
    ]);
    expect(NEW_LEDGER.accounts.has(WALLET)).toBe(false);
  });
});
