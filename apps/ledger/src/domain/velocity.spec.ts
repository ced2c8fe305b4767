import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  book,
  bookEach,
  chain,
  COMMON,
  funded,
  pay,
  topUp,
  transfer,
  WALLET,
} from '../testing/book.js';
import { dayOf, monthOf } from './amsterdam.js';
import type { LimitSetCommand, LimitTerms } from './commands.js';
import type { LedgerState } from './decide.js';

const HOUR_MS = 3_600_000;
const FUNDED = funded('2026-11-23T12:00:00Z', '1000000');
const SHOP = 'merchant:1900000001:pending';
const DAY = { kind: 'day' } as const;

const limit = (
  id: string,
  over: Partial<LimitTerms>,
  subject = `account:${WALLET}`,
): LimitSetCommand => ({
  ...{ kind: 'limit-set', id, ...COMMON, subject, name: 'spend' },
  limit: {
    ...{ window: DAY, counterparty: null, countMax: null, sumMaxMinor: null },
    side: subject.startsWith('account:') ? 'debit' : null,
    ...over,
  },
});
const at = (state: LedgerState, time: string | number): LedgerState => ({
  ...state,
  at: new Date(time),
});
const iso = (ms: number): string => new Date(ms).toISOString();

describe('days and months in Amsterdam', () => {
  it.each([
    {
      what: 'in winter',
      of: '2026-11-23T22:59:59Z',
      from: '2026-11-22T23:00',
      to: '2026-11-23T23:00',
    },
    {
      what: 'in summer',
      of: '2026-07-01T22:00:00Z',
      from: '2026-07-01T22:00',
      to: '2026-07-02T22:00',
    },
    {
      what: 'of 23 hours',
      of: '2026-03-29T12:00:00Z',
      from: '2026-03-28T23:00',
      to: '2026-03-29T22:00',
    },
    {
      what: 'of 25 hours',
      of: '2026-10-25T00:30:00Z',
      from: '2026-10-24T22:00',
      to: '2026-10-25T23:00',
    },
  ])('begin and end at midnight there: a day $what', ({ of, from, to }) => {
    const { startMs, endMs } = dayOf(Date.parse(of));
    expect([iso(startMs), iso(endMs)]).toEqual([`${from}:00.000Z`, `${to}:00.000Z`]);
  });

  it('count months across the change of clocks', () => {
    const { startMs, endMs } = monthOf(Date.parse('2026-03-01T00:00:00Z'));
    expect([iso(startMs), iso(endMs)]).toEqual([
      '2026-02-28T23:00:00.000Z',
      '2026-03-31T22:00:00.000Z',
    ]);
  });

  it('follow one another without a gap', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Date.UTC(2100, 0) }), (ms) => {
        for (const periodOf of [dayOf, monthOf]) {
          const { startMs, endMs } = periodOf(ms);
          expect(startMs <= ms && ms < endMs).toBe(true);
          expect(periodOf(endMs).startMs).toBe(endMs);
          expect(periodOf(endMs - 1)).toEqual({ startMs, endMs });
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('a velocity limit', () => {
  it('binds asks by count and by sum, and says what is left and when it frees', () => {
    const limited = book(FUNDED, limit('1', { countMax: '2', sumMaxMinor: '100' })).state;
    const { decisions } = book(
      limited,
      pay('2', '60'),
      pay('3', '41'),
      pay('4', '40'),
      pay('5', '0'),
    );
    expect(decisions).toMatchObject([
      { outcome: 'posted' },
      {
        ...{ code: 'LIMIT', account: WALLET, limit: 100n, shortfall: 1n },
        velocity: {
          ...{ subject: `account:${WALLET}`, countLeft: 1n, sumLeft: 40n },
          freesAt: new Date('2026-11-23T23:00:00Z'),
        },
      },
      { outcome: 'posted' },
      { code: 'NOTHING_TO_MOVE' },
    ]);
    const { state } = bookEach(limited, pay('2', '60'), pay('4', '40'));
    expect(book(state, pay('6', '1')).last).toMatchObject({ velocity: { countLeft: 0n } });
    const tomorrow = at(state, '2026-11-23T23:00:00Z');
    expect(book(tomorrow, pay('6', '100')).last).toMatchObject({ outcome: 'posted' });
  });

  it('says never to what is more than it ever lets through', () => {
    const { last } = book(FUNDED, limit('1', { sumMaxMinor: '100' }), pay('2', '101'));
    expect(last).toMatchObject({ code: 'LIMIT', velocity: { sumLeft: 100n, freesAt: null } });
  });

  it('counts no refused ask, and leaves no trace of one', () => {
    const subject = 'mandate:man_1';
    const { state, decisions } = book(
      FUNDED,
      limit('1', { countMax: '9' }),
      limit('2', { sumMaxMinor: '50' }, subject),
      pay('3', '51', { subjects: [subject] }),
      pay('4', '50', { subjects: [subject, subject] }),
    );
    expect(decisions.slice(2)).toMatchObject([
      { code: 'LIMIT', account: null },
      { outcome: 'posted' },
    ]);
    expect(state.accounts.get(WALLET)?.limits).toMatchObject([
      { slots: [{ count: 1n, sum: 50n }] },
    ]);
    expect(state.rare.subjects.get(subject)).toMatchObject([{ slots: [{ count: 1n, sum: 50n }] }]);
  });

  it('binds no fact, but counts it', () => {
    const limited = limit('1', { side: 'credit', sumMaxMinor: '100' });
    const { last, state } = book(FUNDED, limited, topUp('2', '150'));
    expect(last).toMatchObject({ outcome: 'posted' });
    const gift = chain('3', transfer('fees:income', WALLET, '1'));
    expect(book(state, gift).last).toMatchObject({ code: 'LIMIT', velocity: { sumLeft: 0n } });
  });

  it('may be about one counterparty only', () => {
    const { decisions } = book(
      FUNDED,
      limit('1', { counterparty: SHOP, sumMaxMinor: '100' }),
      pay('2', '500', { merchantId: '1900000002' }),
      pay('3', '101'),
      pay('4', '100'),
    );
    expect(decisions.slice(1)).toMatchObject([
      { outcome: 'posted' },
      { code: 'LIMIT' },
      { outcome: 'posted' },
    ]);
  });

  it('counts held money once: when it is held', () => {
    const place = chain('2', { do: 'place', account: WALLET, amountMinor: '80', expiresAt: null });
    const capture = chain('4', {
      ...{ do: 'capture', purpose: 'share', holdId: '2.0', credit: SHOP },
      ...{ take: 'exactly', amountMinor: '80' },
    });
    const { decisions } = bookEach(
      FUNDED,
      limit('1', { sumMaxMinor: '100' }),
      place,
      pay('3', '21'),
      capture,
      pay('5', '20'),
      pay('6', '1'),
    );
    expect(decisions.slice(1)).toMatchObject([
      { outcome: 'posted' },
      { code: 'LIMIT', velocity: { sumLeft: 20n } },
      { outcome: 'posted' },
      { outcome: 'posted' },
      { code: 'LIMIT', velocity: { sumLeft: 0n } },
    ]);
  });

  it('rolls: what was counted in a slot leaves a window later', () => {
    const hour = { kind: 'rolling', seconds: 3_600 } as const;
    const start = Date.parse('2026-11-23T12:00:30Z');
    const limited = book(FUNDED, limit('1', { window: hour, sumMaxMinor: '100' })).state;
    const first = book(at(limited, start), pay('2', '60')).state;
    const second = book(at(first, start + 600_000), pay('3', '40')).state;
    // The slot is a minute long and began at 12:00:00.
    const frees = new Date('2026-11-23T13:01:00Z');
    expect(book(at(second, frees.getTime() - 1), pay('4', '60')).last).toMatchObject({
      ...{ code: 'LIMIT', velocity: { sumLeft: 0n, freesAt: frees } },
    });
    expect(book(at(second, frees.getTime()), pay('4', '60')).last).toMatchObject({
      outcome: 'posted',
    });
    expect(book(at(second, frees.getTime()), pay('4', '61')).last).toMatchObject({
      velocity: { freesAt: new Date('2026-11-23T13:11:00Z') },
    });
  });

  it('never lets more through in any window than it says, and reads a bounded number of slots', () => {
    const window = { kind: 'rolling', seconds: 3_600 } as const;
    const limited = book(FUNDED, limit('1', { window, sumMaxMinor: '100' })).state;
    const steps = fc.array(
      fc.record({
        afterMs: fc.integer({ min: 0, max: HOUR_MS / 3 }),
        amount: fc.integer({ min: 1, max: 60 }),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(steps, (given) => {
        let state = limited;
        const passed: { ms: number; amount: number }[] = [];
        for (const [index, { afterMs, amount }] of given.entries()) {
          const ms = state.at.getTime() + afterMs;
          const booked = book(at(state, ms), pay(`p${String(index)}`, String(amount)));
          state = booked.state;
          if (booked.last?.outcome === 'posted') passed.push({ ms, amount });
          const inWindow = passed.filter((entry) => entry.ms > ms - HOUR_MS);
          expect(inWindow.reduce((sum, entry) => sum + entry.amount, 0)).toBeLessThanOrEqual(100);
          const slots = state.accounts.get(WALLET)?.limits?.[0]?.slots ?? [];
          expect(slots.length).toBeLessThanOrEqual(62);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('is changed, goes on counting, and ends', () => {
    const { decisions } = bookEach(
      FUNDED,
      limit('1', { sumMaxMinor: '100' }),
      pay('2', '60'),
      limit('3', { sumMaxMinor: '80' }),
      pay('4', '21'),
      pay('5', '20'),
      { ...limit('6', {}), limit: null },
      pay('7', '9999'),
    );
    expect(
      decisions.map((each) => (each.outcome === 'refused' ? each.code : each.outcome)),
    ).toEqual(['posted', 'posted', 'posted', 'LIMIT', 'posted', 'posted', 'posted']);
  });

  it('begins anew when it counts something else', () => {
    const { last } = bookEach(
      FUNDED,
      limit('1', { sumMaxMinor: '100' }),
      pay('2', '60'),
      limit('3', { sumMaxMinor: '100', window: { kind: 'month' } }),
      pay('4', '100'),
    );
    expect(last).toMatchObject({ outcome: 'posted' });
  });

  it('is one of at most eight on a subject', () => {
    const many = Array.from({ length: 9 }, (_, n) => ({
      ...limit(String(n + 1), { countMax: '1' }, 'device:d1'),
      name: `n${'abcdefghi'.charAt(n)}`,
    }));
    expect(book(FUNDED, ...many).last).toMatchObject({ outcome: 'impossible' });
  });
});
