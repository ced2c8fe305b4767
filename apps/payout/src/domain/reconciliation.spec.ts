import { describe, expect, it } from '@jest/globals';
import { Money } from '@stuiver/money';
import { nextPayoutState, type PayoutState, reasonInWords } from './payout-states.js';
import { objectionToFollowing, type StatementPlace } from './statement-order.js';
import { nextCutOff } from './t2-calendar.js';

const STATES: readonly PayoutState[] = [
  ...(['prepared', 'approved', 'exported', 'settled', 'rejected', 'returned', 'refused'] as const),
];
const ANSWERS = ['settled', 'rejected', 'returned'] as const;

describe('a payout’s end', () => {
  it.each(STATES.flatMap((state) => ANSWERS.map((answer) => ({ state, answer }))))(
    'is the same when the bank says $answer twice in $state',
    ({ state, answer }) => {
      const once = nextPayoutState(state, answer);
      if (once === 'repeat' || once === 'refused') return;
      expect(nextPayoutState(once, answer)).toBe('repeat');
    },
  );

  it('is paid or rejected, and only what was paid comes back', () => {
    const followed = STATES.filter((state) => nextPayoutState(state, 'returned') === 'returned');
    expect(followed).toEqual(['settled']);
    expect(nextPayoutState('rejected', 'settled')).toBe('refused');
    expect(nextPayoutState('settled', 'rejected')).toBe('refused');
  });

  it('says the bank’s code in words, and a strange one as it is', () => {
    expect(reasonInWords('AC04')).toBe('AC04: the account is closed');
    expect(reasonInWords('XX99')).toBe('XX99');
  });
});

describe('a statement', () => {
  const place = (over: Partial<StatementPlace> = {}): StatementPlace => ({
    ...{ sequence: 7n, fromDay: '2026-12-31', toDay: '2026-12-31' },
    ...{ opening: Money.ofMinor(0n, 'EUR'), closing: Money.ofMinor(500n, 'EUR') },
    ...over,
  });
  const next = (over: Partial<StatementPlace> = {}): StatementPlace =>
    place({
      ...{ sequence: 8n, fromDay: '2027-01-04', toDay: '2027-01-04' },
      ...{ opening: Money.ofMinor(500n, 'EUR'), ...over },
    });

  it.each([
    ['the next number', next()],
    ['number one of a new year', next({ sequence: 1n })],
    ['no number', next({ sequence: null })],
  ])('follows the last with %s', (_what, statement) => {
    expect(objectionToFollowing(place(), statement)).toBeUndefined();
  });

  it.each([
    ['a day that is in already', next({ fromDay: '2026-12-31' }), 'FrToDt'],
    ['a number left out', next({ sequence: 9n }), 'ElctrncSeqNb'],
    ['another opening', next({ opening: Money.ofMinor(501n, 'EUR') }), 'Bal'],
  ])('does not follow with %s', (_what, statement, field) => {
    expect(objectionToFollowing(place(), statement)).toMatchObject({ field });
  });
});

describe('the next cut-off', () => {
  it.each([
    ['a Friday', '2026-11-27T10:00:00Z', '2026-11-30', '2026-11-29T23:00:00.000Z'],
    ['a Monday in summer', '2026-07-06T10:00:00Z', '2026-07-07', '2026-07-06T22:00:00.000Z'],
    ['the eve of Christmas', '2026-12-24T10:00:00Z', '2026-12-28', '2026-12-27T23:00:00.000Z'],
  ])('on %s is when the next business day begins in Amsterdam', (_what, now, day, at) => {
    expect(nextCutOff(new Date(now))).toEqual({ day, at: new Date(at) });
  });
});
