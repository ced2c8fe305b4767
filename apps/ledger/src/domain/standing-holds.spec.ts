import { describe, expect, it } from '@jest/globals';
import { accountOf, booksOf } from '../testing/books-of.js';
import { refused } from './decision.js';
import type { HoldState } from './hold.js';
import { StandingHolds } from './standing-holds.js';

const WALLET = 'user:usr_a:wallet';
const OTHER = 'user:usr_b:wallet';
const TWO = new Date('2026-11-23T14:00:00Z');
const ONE = new Date('2026-11-23T13:00:00Z');

const hold = (id: string, over: Partial<HoldState> = {}): HoldState => ({
  ...{ id, account: WALLET, currency: 'EUR', placed: 10n, captured: 0n, released: 0n },
  ...{ condition: 'open', expiresAt: null },
  ...over,
});
const short = refused('FLOOR', { account: WALLET, limit: 0n, shortfall: 1n });

/** Explains a refusal about a wallet that holds 90, of which these holds were known before the batch. */
function explained(
  before: readonly HoldState[],
  changed: readonly HoldState[] = [],
): readonly string[] {
  const books = booksOf([accountOf(WALLET, { balance: 100n, held: 90n })], before);
  books.beginChain();
  for (const one of changed) books.putHold(one);
  books.keepChain();
  const standing = new StandingHolds(new Map([[WALLET, before]]), books);
  const decision = standing.explain(short);
  expect(standing.wanting).toEqual([]);
  return decision.outcome === 'refused' ? (decision.holds?.first ?? []).map(({ id }) => id) : [];
}

describe('a refusal for want of money', () => {
  it('names the holds that stand in its way, the first to expire first', () => {
    const [never, late, early] = [
      hold('a'),
      hold('b', { expiresAt: TWO }),
      hold('c', { expiresAt: ONE }),
    ];
    expect(explained([never, late, early])).toEqual(['c', 'b', 'a']);
    expect(explained([early, late, never])).toEqual(['c', 'b', 'a']);
    expect(explained([late, never, early])).toEqual(['c', 'b', 'a']);
  });

  it('names those that end together by their ids', () => {
    const ids = ['b', 'c', 'a'];
    expect(explained(ids.map((id) => hold(id)))).toEqual(['a', 'b', 'c']);
    expect(explained(ids.map((id) => hold(id, { expiresAt: ONE })))).toEqual(['a', 'b', 'c']);
  });

  it('names no more than eight, and says what all of them hold', () => {
    const many = Array.from({ length: 9 }, (_, index) => hold(String(index)));
    expect(explained(many)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
    const books = booksOf([accountOf(WALLET, { balance: 100n, held: 90n })], many);
    expect(new StandingHolds(new Map([[WALLET, many]]), books).explain(short)).toMatchObject({
      ...{ code: 'FLOOR', account: WALLET, limit: 0n, shortfall: 1n, holds: { held: 90n } },
    });
  });

  it('tells holds as the batch has left them, and not those that have ended or are of others', () => {
    const before = [hold('a'), hold('b', { expiresAt: TWO }), hold('c', { condition: 'expired' })];
    const later = hold('b', { expiresAt: ONE, placed: 11n });
    const ended = hold('a', { captured: 10n, condition: 'captured' });
    expect(explained(before, [later, ended, hold('d'), hold('e', { account: OTHER })])).toEqual([
      ...['b', 'd'],
    ]);
  });

  it('wants to know the holds of an account that holds something, and asks for no other', () => {
    const books = booksOf(
      [accountOf(WALLET, { balance: 100n, held: 90n }), accountOf(OTHER, {})],
      [],
    );
    const standing = new StandingHolds(new Map(), books);
    const plain = [
      refused('FLOOR', { account: OTHER }),
      refused('FLOOR'),
      refused('ACCOUNT_FROZEN', { account: WALLET }),
      { outcome: 'posted', moves: [] } as const,
    ];
    for (const decision of plain) expect(standing.explain(decision)).toBe(decision);
    expect(standing.wanting).toEqual([]);
    expect(standing.explain(short)).toBe(short);
    expect(standing.wanting).toEqual([WALLET]);
  });
});
