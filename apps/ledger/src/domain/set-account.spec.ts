import { describe, expect, it } from '@jest/globals';
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
import type { AccountSetCommand } from './commands.js';
import { NEW_LEDGER } from './decide.js';

const FUNDED = funded('2026-11-23T12:00:00Z');
const OTHER = 'user:usr_b:wallet';

const set = (
  id: string,
  over: Pick<AccountSetCommand, 'state' | 'floorMinor' | 'ceilingMinor'>,
  account = WALLET,
): AccountSetCommand => ({ kind: 'account-set', id, ...COMMON, account, ...over });
const gift = (id: string, amountMinor = '1'): ReturnType<typeof chain> =>
  chain(id, transfer(WALLET, OTHER, amountMinor));
const back = (id: string): ReturnType<typeof chain> => chain(id, transfer(OTHER, WALLET, '1'));

describe('the terms of an account', () => {
  it.each([
    { state: 'open', debit: 'posted', credit: 'posted' },
    { state: 'frozen-debit', debit: 'ACCOUNT_FROZEN', credit: 'posted' },
    { state: 'frozen', debit: 'ACCOUNT_FROZEN', credit: 'ACCOUNT_FROZEN' },
  ] as const)('decide what $state lets through', ({ state, debit, credit }) => {
    const before = book(FUNDED, gift('1', '100'), set('2', { state })).state;
    const outcomes = [gift('3'), back('4')].map((ask) => {
      const { last } = book(before, ask);
      return last?.outcome === 'refused' ? [last.code, last.account] : [last?.outcome, WALLET];
    });
    expect(outcomes).toEqual([
      [debit, WALLET],
      [credit, WALLET],
    ]);
  });

  it('let no hold be placed on, or captured from, what is frozen, but released', () => {
    const placed = chain('1', { do: 'place', account: WALLET, amountMinor: '5', expiresAt: null });
    const { state } = book(FUNDED, placed, set('2', { state: 'frozen-debit' }));
    const again = chain('3', { do: 'place', account: WALLET, amountMinor: '5', expiresAt: null });
    expect(book(state, again).last).toMatchObject({ code: 'ACCOUNT_FROZEN' });
    const capture = chain('4', {
      ...{ do: 'capture', purpose: 'share', holdId: '1.0', credit: OTHER },
      ...{ take: 'exactly', amountMinor: '5' },
    });
    expect(book(state, capture).last).toMatchObject({ code: 'ACCOUNT_FROZEN' });
    const release = chain('5', { do: 'release', holdId: '1.0', amountMinor: null });
    expect(book(state, release).last).toMatchObject({ outcome: 'posted' });
  });

  it('send facts to suspense, where a person works them off', () => {
    for (const terms of [{ state: 'frozen' }, { ceilingMinor: '1000' }] as const) {
      const { last } = book(FUNDED, set('1', terms), topUp('2', '1'));
      expect(last).toMatchObject({
        moves: [{ debit: { code: 'psp:stripe:balance' }, credit: { code: 'suspense:top-up' } }],
      });
    }
  });

  it('close an account that is empty, for ever', () => {
    expect(book(FUNDED, set('1', { state: 'closed' })).last).toMatchObject({
      ...{ code: 'ACCOUNT_NOT_EMPTY', account: WALLET, shortfall: 1000n },
    });
    const { state, last } = book(FUNDED, gift('1', '1000'), set('2', { state: 'closed' }));
    expect(last).toMatchObject({ outcome: 'posted', account: { terms: { condition: 'closed' } } });
    expect(book(state, set('3', { state: 'open' })).last).toMatchObject({ code: 'ACCOUNT_CLOSED' });
    expect(book(state, back('3')).last).toMatchObject({ code: 'ACCOUNT_CLOSED', account: WALLET });
  });

  it('close nothing that is held, however empty it is', () => {
    const place = chain('1', { do: 'place', account: WALLET, amountMinor: '1', expiresAt: null });
    const overdrawn = bookEach(
      FUNDED,
      set('a', { floorMinor: '-1' }),
      place,
      gift('2', '1000'),
      set('3', { state: 'closed' }),
    );
    expect(overdrawn.last).toMatchObject({ code: 'ACCOUNT_NOT_EMPTY' });
  });

  it('give an account a floor of its own, above or below the chart’s', () => {
    const high = book(FUNDED, set('1', { floorMinor: '300' }), gift('2', '701'));
    expect(high.last).toMatchObject({ code: 'FLOOR', limit: 300n, shortfall: 1n });
    expect(book(high.state, gift('3', '700')).last).toMatchObject({ outcome: 'posted' });
    const low = book(FUNDED, set('1', { floorMinor: '-500' }), gift('2', '1500'));
    expect(low.last).toMatchObject({ outcome: 'posted' });
    expect(book(low.state, gift('3')).last).toMatchObject({ code: 'FLOOR', limit: -500n });
    const most = book(FUNDED, set('1', { floorMinor: '300' }), {
      ...chain('2', transfer(WALLET, OTHER, '5000', 'up-to')),
    });
    expect(most.last).toMatchObject({ moves: [{ amount: 700n }] });
  });

  it('give an account a ceiling, which held money counts towards', () => {
    const place = chain('1', { do: 'place', account: WALLET, amountMinor: '900', expiresAt: null });
    const { state } = book(FUNDED, place, gift('2', '100'), set('3', { ceilingMinor: '900' }));
    expect(book(state, back('4')).last).toMatchObject({
      ...{ code: 'CEILING', account: WALLET, limit: 900n, shortfall: 1n },
    });
    const release = chain('5', { do: 'release', holdId: '1.0', amountMinor: null });
    expect(book(state, release).last).toMatchObject({ outcome: 'posted' });
  });

  it('are not set where the account stands beyond them', () => {
    expect(book(FUNDED, set('1', { floorMinor: '1001' })).last).toMatchObject({ code: 'FLOOR' });
    expect(book(FUNDED, set('1', { ceilingMinor: '999' })).last).toMatchObject({ code: 'CEILING' });
  });

  it('keep their floor while the account stands below the chart’s', () => {
    const low = book(FUNDED, set('1', { floorMinor: '-500' }), gift('2', '1200'));
    expect(book(low.state, set('3', { floorMinor: null })).last).toMatchObject({
      ...{ code: 'FLOOR', account: WALLET, limit: 0n, shortfall: 200n },
    });
    const { last } = book(
      low.state,
      chain('3', transfer(OTHER, WALLET, '200')),
      set('4', { floorMinor: null }),
    );
    expect(last).toMatchObject({ outcome: 'posted' });
  });

  it('keep what a command does not name, and forget what it sets to null', () => {
    const { last } = bookEach(
      FUNDED,
      set('1', { floorMinor: '10', ceilingMinor: '5000' }),
      set('2', { state: 'frozen', ceilingMinor: null }),
    );
    expect(last).toMatchObject({
      account: { terms: { condition: 'frozen', floor: 10n, ceiling: null } },
    });
    const plain = book(FUNDED, set('1', { state: 'frozen' }), set('2', { state: 'open' }));
    expect(plain.state.accounts.get(WALLET)?.terms).toBeNull();
  });

  it('may be set before the first transfer', () => {
    const { state, last } = book(NEW_LEDGER, set('1', { ceilingMinor: '100' }), topUp('2', '101'));
    expect(last).toMatchObject({ moves: [{ credit: { code: 'suspense:top-up' } }] });
    expect(state.accounts.get(WALLET)).toMatchObject({ id: 1n, version: 0n, balance: 0n });
    expect(state.lastAccount).toBe(3n);
  });

  it.each(['suspense:top-up', 'nobody:knows'])('are not for %s', (account) => {
    expect(book(FUNDED, set('1', { state: 'frozen' }, account)).last).toMatchObject({
      outcome: 'impossible',
    });
  });

  it('bind in the batch in which they are set', () => {
    const { decisions } = book(FUNDED, pay('1', '1'), set('2', { state: 'frozen' }), pay('3', '1'));
    expect(decisions).toMatchObject([
      { outcome: 'posted' },
      { outcome: 'posted' },
      { code: 'ACCOUNT_FROZEN' },
    ]);
  });
});
