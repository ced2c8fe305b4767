import { describe, expect, it } from '@jest/globals';
import { book, chain, COMMON, funded, pay, topUp, transfer, WALLET } from '../testing/book.js';
import type { Command } from './commands.js';
import { effectiveTime, endOfMonth, OpenPeriod } from './period.js';

const OPEN_FROM = new Date('2026-11-01T00:00:00Z');
const IN_OCTOBER = '2026-10-31T23:59:59.999Z';
const NOW = new Date('2026-11-23T12:00:00Z');
const OTHER = 'user:usr_b:wallet';

const of = (command: object, effectiveAt: string): Command =>
  ({ ...command, effectiveAt }) as Command;
const gift = chain('1', transfer(WALLET, OTHER, '1'));
const reversal = { kind: 'reversal', id: '2', ...COMMON, commandId: '0', parts: null } as const;
const terms = { kind: 'account-set', id: '3', ...COMMON, account: WALLET } as const;
const limit = {
  ...{ kind: 'limit-set', id: '4', ...COMMON, subject: `account:${WALLET}`, name: 'spend' },
  limit: null,
} as const;

const outcomeIn = (openFrom: Date, command: Command): string => {
  const state = { ...funded(NOW.toISOString()), openFrom };
  const { last } = book(state, command);
  return last?.outcome === 'refused' ? last.code : (last?.outcome ?? '');
};

describe('what may take effect in a closed month', () => {
  it.each([
    { what: 'a chain', command: gift },
    { what: 'a reversal', command: reversal },
    { what: 'a payment from a wallet', command: pay('5', '1') },
  ])('is not $what, but from the first open moment on', ({ command }) => {
    expect(outcomeIn(OPEN_FROM, of(command, IN_OCTOBER))).toBe('PERIOD_CLOSED');
    expect(outcomeIn(OPEN_FROM, of(command, OPEN_FROM.toISOString()))).not.toBe('PERIOD_CLOSED');
  });

  it.each([
    { what: 'a fact', command: topUp('6', '1') },
    { what: 'terms', command: terms },
    { what: 'a limit', command: limit },
  ])('is $what', ({ command }) => {
    expect(outcomeIn(OPEN_FROM, of(command, IN_OCTOBER))).toBe('posted');
  });

  it('is anything while nothing was ever closed', () => {
    expect(outcomeIn(new Date(0), of(gift, '1960-01-01T00:00:00.000Z'))).toBe('posted');
  });

  it('moves a fact to the first open moment, and nothing that is later', () => {
    expect(effectiveTime(new Date(IN_OCTOBER), OPEN_FROM)).toEqual(OPEN_FROM);
    expect(effectiveTime(OPEN_FROM, OPEN_FROM)).toEqual(OPEN_FROM);
    expect(effectiveTime(NOW, OPEN_FROM)).toEqual(NOW);
  });
});

describe('closing a month', () => {
  const close = (month: string, at: Date): unknown =>
    new OpenPeriod(new Date(0), at).close({ kind: 'period-close', id: '1', month });
  const ended = new Date('2026-10-31T23:00:00.000Z');

  it('is possible from the moment on at which it is over', () => {
    const posted = { outcome: 'posted', moves: [], openFrom: ended };
    expect(close('2026-10', ended)).toEqual(posted);
    expect(close('2026-10', new Date(ended.getTime() - 1))).toEqual({
      ...{ outcome: 'impossible', rule: 'must be a month that is over', value: '2026-10' },
    });
  });

  it.each(['', '2026', '2026-1', '2026-13', '2026-00', '12026-01', '2026-011', 'October'])(
    'needs a month: %j is none',
    (month) => {
      expect(endOfMonth(month)).toBeUndefined();
      expect(close(month, NOW)).toMatchObject({ outcome: 'impossible', value: month });
    },
  );

  it('is refused when it, or a later one, is closed already', () => {
    const period = new OpenPeriod(ended, NOW);
    const refused = { outcome: 'refused', code: 'PERIOD_CLOSED', firstOpenAt: ended };
    for (const month of ['2026-10', '2026-09']) {
      expect(period.close({ kind: 'period-close', id: '1', month })).toMatchObject(refused);
    }
    expect(period.openFrom).toEqual(ended);
  });
});
