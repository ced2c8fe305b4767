import { describe, expect, it } from '@jest/globals';
import { book, bookEach, chain, COMMON, funded, pay, transfer, WALLET } from '../testing/book.js';
import type { ReversalCommand } from './commands.js';
import type { LedgerState } from './decide.js';

const FUNDED = funded('2026-11-23T12:00:00Z');
const SHOP = 'merchant:1900000001:pending';
const OTHER = 'user:usr_b:wallet';

const reversal = (
  id: string,
  parts: readonly (readonly [number, string])[] | null = null,
): ReversalCommand => ({
  ...{ kind: 'reversal', id, ...COMMON, commandId: 'old' },
  parts: parts?.map(([transfer, amountMinor]) => ({ transfer, amountMinor })) ?? null,
});

/** As if the original had been read: what of it was taken back, by place. */
function withOriginal(state: LedgerState, reversed: readonly bigint[]): LedgerState {
  const sides = [
    { debit: WALLET, credit: SHOP, amount: 100n },
    { debit: SHOP, credit: OTHER, amount: 30n },
  ];
  const transfers = sides.map((side, place) => ({
    ...{ ...side, seq: BigInt(place + 1), currency: 'EUR' as const },
    reversed: reversed[place] ?? 0n,
  }));
  return { ...state, rare: { ...state.rare, originals: new Map([['old', { transfers }]]) } };
}

const original = chain('old', transfer(WALLET, SHOP, '100'), transfer(SHOP, OTHER, '30'));
const BOOKED = book(FUNDED, original).state;

describe('a reversal', () => {
  it('takes a chain back whole, last transfer first', () => {
    const { state, last } = book(withOriginal(BOOKED, []), reversal('1'));
    expect(last).toMatchObject({
      moves: [
        { purpose: 'reversal', debit: { code: OTHER }, credit: { code: SHOP }, amount: 30n },
        { debit: { code: SHOP }, credit: { code: WALLET }, amount: 100n },
      ],
      reversals: [
        { place: 1, after: 30n },
        { place: 0, after: 100n },
      ],
    });
    expect(state.accounts.get(WALLET)?.balance).toBe(1000n);
  });

  it('takes parts back, and what is left of it', () => {
    const parts = [
      [0, '20'],
      [0, '10'],
      [1, '30'],
    ] as const;
    expect(book(withOriginal(BOOKED, []), reversal('1', parts)).last).toMatchObject({
      reversals: [{ after: 20n }, { after: 30n }, { after: 30n }],
    });
    expect(book(withOriginal(BOOKED, [30n, 30n]), reversal('2')).last).toMatchObject({
      moves: [{ amount: 70n }],
      reversals: [{ place: 0, after: 100n }],
    });
  });

  it.each([
    { what: 'more than is left', reversed: [90n], parts: [[0, '11']] },
    {
      what: 'the same twice over',
      reversed: [0n],
      parts: [
        [0, '60'],
        [0, '41'],
      ],
    },
  ] as const)('never takes back $what', ({ reversed, parts }) => {
    const before = withOriginal(BOOKED, reversed);
    const { state, last } = book(before, reversal('1', parts));
    expect(last).toMatchObject({ code: 'REVERSED_ALREADY', shortfall: 1n });
    expect(state.accounts).toEqual(before.accounts);
  });

  it('never takes back more in one batch than there was', () => {
    const { decisions } = book(
      withOriginal(BOOKED, []),
      reversal('1', [[0, '60']]),
      reversal('2', [[0, '41']]),
      reversal('3', [[0, '40']]),
      reversal('4', [[1, '30']]),
      reversal('5'),
    );
    expect(
      decisions.map((each) => (each.outcome === 'refused' ? each.code : each.outcome)),
    ).toEqual(['posted', 'REVERSED_ALREADY', 'FLOOR', 'posted', 'posted']);
  });

  it('takes back what the same batch posted, and no more than once', () => {
    const { decisions } = book(FUNDED, original, reversal('1'), reversal('2'));
    expect(decisions).toMatchObject([
      { outcome: 'posted' },
      { outcome: 'posted', reversals: [{ transfer: { seq: null } }, {}] },
      { code: 'REVERSED_ALREADY' },
    ]);
  });

  it('is an ask: what is spent is not taken back', () => {
    const { last } = bookEach(
      FUNDED,
      original,
      pay('2', '1'),
      chain('3', transfer(OTHER, SHOP, '30')),
    );
    expect(last?.outcome).toBe('posted');
    const spent = bookEach(FUNDED, original, chain('3', transfer(OTHER, SHOP, '30'))).state;
    expect(book(withOriginal(spent, []), reversal('4')).last).toMatchObject({
      ...{ code: 'FLOOR', account: OTHER, shortfall: 30n },
    });
  });

  it('knows no original that was not posted, and no transfer that it has not', () => {
    expect(book(BOOKED, reversal('1')).last).toMatchObject({ code: 'ORIGINAL_UNKNOWN' });
    expect(book(withOriginal(BOOKED, []), reversal('1', [[2, '1']])).last).toMatchObject({
      outcome: 'impossible',
    });
  });
});
