import { describe, expect, it } from '@jest/globals';
import { book, chain, COMMON as common, funded, pay, transfer, WALLET } from '../testing/book.js';
import type { ChainStep, StepCommand } from './commands.js';
import { decide, type LedgerState } from './decide.js';
import { remainingOf } from './hold.js';

const ONE = '2026-11-23T13:00:00.000Z';
const SHOP = 'merchant:1900000001:pending';
const OTHER = 'merchant:1900000002:pending';

/** Ids are short here; the books ask for no more. */
const place = (id: string, amountMinor: string, expiresAt: string | null = null): StepCommand => ({
  ...{ kind: 'hold-place', id, ...common, account: WALLET, amountMinor, expiresAt },
});
const capture = (
  id: string,
  holdId: string,
  captures: readonly (readonly [string, string])[],
  final = false,
): StepCommand => ({
  ...{ kind: 'hold-capture', id, ...common, holdId, final },
  captures: captures.map(([credit, amountMinor]) => ({ credit, amountMinor })),
});
const release = (id: string, holdId: string, amountMinor: string | null): StepCommand => ({
  ...{ kind: 'hold-release', id, ...common, holdId, amountMinor },
});
const increase = (id: string, holdId: string, amountMinor: string): StepCommand => ({
  ...{ kind: 'hold-increase', id, ...common, holdId, amountMinor },
});
const expire = (holdId: string): StepCommand => ({ kind: 'hold-expire', id: `x${holdId}`, holdId });
/** At noon. */
const FUNDED = funded('2026-11-23T12:00:00Z');

const wallet = (state: LedgerState): { balance: bigint; held: bigint } | undefined => {
  const account = state.accounts.get(WALLET);
  return account === undefined ? undefined : { balance: account.balance, held: account.held };
};
const hold = (state: LedgerState, id: string): Record<string, unknown> | undefined => {
  const found = state.rare.holds.get(id);
  if (found === undefined) return undefined;
  const { placed, captured, released, condition } = found;
  return { placed, captured, released, remaining: remainingOf(found), condition };
};

describe('a hold', () => {
  it('reserves: what is held is not spent, and the refusal names what stands in the way', () => {
    const { state, decisions } = book(
      FUNDED,
      place('1', '600', ONE),
      pay('2', '401'),
      pay('3', '400'),
    );
    expect(decisions).toMatchObject([
      { outcome: 'posted', moves: [], holds: [{ id: '1.0', account: WALLET, placed: 600n }] },
      {
        ...{ outcome: 'refused', code: 'FLOOR', account: WALLET, limit: 0n, shortfall: 1n },
        holds: { held: 600n, first: [{ id: '1.0', expiresAt: new Date(ONE) }] },
      },
      { outcome: 'posted' },
    ]);
    expect(wallet(state)).toEqual({ balance: 600n, held: 600n });
  });

  it('is refused beyond what is there', () => {
    expect(book(FUNDED, place('1', '1001')).last).toMatchObject({ code: 'FLOOR', shortfall: 1n });
    expect(book(FUNDED, place('1', '600'), increase('2', '1.0', '401')).last).toMatchObject({
      ...{ code: 'FLOOR', shortfall: 1n },
    });
  });

  it('wants to know which holds stand in the way before it explains', () => {
    const placed = book(FUNDED, place('1', '600')).state;
    const entry = { command: pay('2', '401'), content: '' };
    const blind = { ...placed, rare: { ...placed.rare, standing: new Map() } };
    expect(decide(blind, [entry]).wanting).toEqual([WALLET]);
    expect(decide(placed, [entry]).wanting).toEqual([]);
  });

  it('is captured in parts and splits, and ends when nothing remains', () => {
    const first = book(
      FUNDED,
      place('1', '600'),
      capture('2', '1.0', [
        [SHOP, '100'],
        [OTHER, '50'],
      ]),
    );
    expect(wallet(first.state)).toEqual({ balance: 850n, held: 450n });
    expect(hold(first.state, '1.0')).toMatchObject({ captured: 150n, condition: 'open' });
    const second = book(first.state, capture('3', '1.0', [[SHOP, '450']]));
    expect(wallet(second.state)).toEqual({ balance: 400n, held: 0n });
    expect(hold(second.state, '1.0')).toMatchObject({ captured: 600n, condition: 'captured' });
    expect(book(second.state, capture('4', '1.0', [[SHOP, '1']])).last).toMatchObject({
      ...{ code: 'HOLD_ENDED', account: WALLET },
    });
  });

  it.each([
    { captures: [[SHOP, '100']], captured: 100n, released: 500n },
    { captures: [[SHOP, '600']], captured: 600n, released: 0n },
  ] as const)('ends with its final capture of $captured', ({ captures, captured, released }) => {
    const { state } = book(FUNDED, place('1', '600'), capture('2', '1.0', captures, true));
    expect(hold(state, '1.0')).toMatchObject({ captured, released, condition: 'captured' });
    expect(wallet(state)).toEqual({ balance: 1000n - captured, held: 0n });
  });

  it('is captured whole or not at all', () => {
    const { state, last } = book(
      FUNDED,
      place('1', '600'),
      capture('2', '1.0', [
        [SHOP, '500'],
        [OTHER, '101'],
      ]),
    );
    expect(last).toMatchObject({ code: 'HOLD_TOO_SMALL', limit: 100n, shortfall: 1n });
    expect(wallet(state)).toEqual({ balance: 1000n, held: 600n });
  });

  it('is increased and released in parts', () => {
    const { state } = book(
      FUNDED,
      place('1', '600'),
      increase('2', '1.0', '100'),
      release('3', '1.0', '200'),
    );
    expect(hold(state, '1.0')).toMatchObject({ placed: 700n, released: 200n, remaining: 500n });
    expect(book(state, release('4', '1.0', '501')).last).toMatchObject({ code: 'HOLD_TOO_SMALL' });
    const ended = book(state, release('5', '1.0', null)).state;
    expect(hold(ended, '1.0')).toMatchObject({ remaining: 0n, condition: 'released' });
    expect(wallet(ended)).toEqual({ balance: 1000n, held: 0n });
  });

  it('expires when its time has come, once, and is captured no more', () => {
    const { state } = book(FUNDED, place('1', '600', ONE));
    expect(book(state, expire('1.0')).last).toMatchObject({ outcome: 'impossible' });
    const late = { ...state, at: new Date(ONE) };
    expect(book(late, capture('2', '1.0', [[SHOP, '1']])).last).toMatchObject({
      ...{ code: 'HOLD_EXPIRED', account: WALLET },
    });
    const { state: over, decisions } = book(late, expire('1.0'), pay('3', '1000'));
    expect(decisions.map(({ outcome }) => outcome)).toEqual(['posted', 'posted']);
    expect(hold(over, '1.0')).toMatchObject({ released: 600n, condition: 'expired' });
    expect(book(over, expire('1.0')).last).toMatchObject({ outcome: 'impossible' });
  });

  it('is not placed when its time is over already', () => {
    const late = { ...FUNDED, at: new Date(ONE) };
    expect(book(late, place('1', '600', ONE)).last).toMatchObject({ code: 'HOLD_EXPIRED' });
  });

  it('is nothing for an account that a debit adds to', () => {
    const strange = chain('1', {
      do: 'place',
      account: 'psp:stripe:balance',
      amountMinor: '1',
      expiresAt: null,
    });
    expect(book(FUNDED, strange).last).toMatchObject({ outcome: 'impossible' });
  });

  it('is unknown when nobody placed it', () => {
    expect(book(FUNDED, release('1', '9.0', null)).last).toMatchObject({ code: 'HOLD_UNKNOWN' });
    expect(book(FUNDED, expire('9.0')).last).toMatchObject({ outcome: 'impossible' });
  });

  const captures = [[SHOP, '1']] as const;
  it.each([
    { event: 'captured', command: capture('9', '1.0', captures) },
    { event: 'finished', command: capture('9', '1.0', captures, true) },
    { event: 'increased', command: increase('9', '1.0', '1') },
    { event: 'released', command: release('9', '1.0', '1') },
    { event: 'expired', command: expire('1.0') },
  ])('that has ended is not $event', ({ command }) => {
    const endings = [
      book(FUNDED, place('1', '600', ONE), release('2', '1.0', null)).state,
      book(FUNDED, place('1', '600', ONE), capture('2', '1.0', captures, true)).state,
      book({ ...book(FUNDED, place('1', '600', ONE)).state, at: new Date(ONE) }, expire('1.0'))
        .state,
    ];
    for (const ended of endings) {
      const { state, last } = book({ ...ended, at: new Date(ONE) }, command);
      expect(last?.outcome).not.toBe('posted');
      expect(hold(state, '1.0')).toEqual(hold(ended, '1.0'));
      expect(wallet(state)).toEqual(wallet(ended));
    }
  });
});

describe('a chain', () => {
  it('posts whole, each step seeing the earlier ones', () => {
    const { state, last } = book(
      FUNDED,
      chain(
        '1',
        transfer(WALLET, SHOP, '1000'),
        transfer(SHOP, OTHER, '1000'),
        transfer(OTHER, WALLET, '1'),
      ),
    );
    expect(last).toMatchObject({ outcome: 'posted', moves: [{ purpose: 'gift' }, {}, {}] });
    expect(wallet(state)).toEqual({ balance: 1n, held: 0n });
  });

  it('leaves no trace when its last step is refused', () => {
    const before = book(FUNDED, place('1', '500')).state;
    const { state, last } = book(
      before,
      chain(
        '2',
        {
          do: 'capture',
          purpose: 'share',
          holdId: '1.0',
          credit: SHOP,
          take: 'exactly',
          amountMinor: '500',
        },
        { do: 'place', account: WALLET, amountMinor: '500', expiresAt: null },
        transfer(SHOP, OTHER, '501'),
      ),
    );
    expect(last).toMatchObject({ code: 'FLOOR', account: SHOP });
    expect(state.accounts).toEqual(before.accounts);
    expect(state.rare.holds).toEqual(before.rare.holds);
  });

  it('places a hold and captures it, and works on several', () => {
    const before = book(FUNDED, place('1', '100'), place('2', '100')).state;
    const take = (holdId: string): ChainStep => ({
      ...{
        do: 'capture',
        purpose: 'share',
        holdId,
        credit: SHOP,
        take: 'up-to',
        amountMinor: '999',
      },
    });
    const { state, last } = book(
      before,
      chain(
        '3',
        { do: 'place', account: WALLET, amountMinor: '50', expiresAt: null },
        take('3.0'),
        take('1.0'),
        {
          ...{ do: 'release', holdId: '2.0', amountMinor: '40' },
        },
      ),
    );
    expect(last).toMatchObject({ holds: [{ id: '3.0' }, { id: '1.0' }, { id: '2.0' }] });
    expect(wallet(state)).toEqual({ balance: 850n, held: 60n });
  });

  it('takes all that is there, up to so much, and leaves what is held', () => {
    const { state, last } = book(
      FUNDED,
      place('1', '300'),
      chain('2', transfer(WALLET, SHOP, '5000', 'up-to')),
    );
    expect(last).toMatchObject({ moves: [{ amount: 700n }] });
    const again = book(state, chain('3', transfer(WALLET, SHOP, '5000', 'up-to')));
    expect(again.last).toMatchObject({ code: 'NOTHING_TO_MOVE' });
  });
});
