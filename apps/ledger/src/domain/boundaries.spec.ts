import { describe, expect, it } from '@jest/globals';
import { COMMON as common, topUp, WALLET } from '../testing/book.js';
import { accountOf, booksOf } from '../testing/books-of.js';
import { BALANCE_MINOR_MAX as MAX, type Push } from './books.js';
import { decide, NEW_LEDGER } from './decide.js';
import type { HoldState } from './hold.js';
import { runSteps } from './run-steps.js';
import { setAccount } from './set-account.js';
import type { Step } from './steps.js';

const SHOP = 'merchant:19:pending';
const BALANCE = 'psp:stripe:balance';
const NOON = new Date('2026-11-23T12:00:00Z');
const OPEN = { condition: 'open', floor: null, ceiling: null } as const;
const push = (over: Partial<Push>): Push => ({
  ...{ code: WALLET, side: 'debit', amount: 1n, nature: 'ask' },
  ...over,
});
const hold = (over: Partial<HoldState> = {}): HoldState => ({
  ...{ id: 'h', account: WALLET, currency: 'EUR', placed: 10n, captured: 0n, released: 0n },
  ...{ condition: 'open', expiresAt: null },
  ...over,
});
const wallet = (over: Parameters<typeof accountOf>[1]): ReturnType<typeof booksOf> =>
  booksOf([accountOf(WALLET, over)], [hold()]);

describe('what an account lets through', () => {
  it('is down to its floor, to the cent', () => {
    expect(wallet({ balance: 5n }).obstacle(push({ amount: 5n }))).toBeUndefined();
    expect(wallet({ balance: 5n }).obstacle(push({ amount: 6n }))).toEqual({
      ...{ kind: 'FLOOR', account: WALLET, limit: 0n, shortfall: 1n },
    });
    expect(wallet({ balance: 5n, held: 2n }).obstacle(push({ amount: 3n }))).toBeUndefined();
    expect(wallet({ balance: 5n, held: 2n }).obstacle(push({ amount: 5n }))).toEqual({
      ...{ kind: 'FLOOR', account: WALLET, limit: 0n, shortfall: 2n },
    });
    const own = wallet({ balance: 5n, terms: { ...OPEN, floor: 3n } });
    expect(own.obstacle(push({ amount: 2n, nature: 'fact' }))).toBeUndefined();
    expect(own.obstacle(push({ amount: 3n, nature: 'fact' }))).toMatchObject({ limit: 3n });
  });

  it('is up to its ceiling, to the cent', () => {
    const books = wallet({ balance: 5n, terms: { ...OPEN, ceiling: 8n } });
    expect(books.obstacle(push({ side: 'credit', amount: 3n }))).toBeUndefined();
    expect(books.obstacle(push({ side: 'credit', amount: 4n }))).toEqual({
      ...{ kind: 'CEILING', account: WALLET, limit: 8n, shortfall: 1n },
    });
  });

  it('is no further than the books can count, on either side', () => {
    const full = booksOf([accountOf(BALANCE, { balance: MAX - 1n })], []);
    expect(full.obstacle(push({ code: BALANCE }))).toBeUndefined();
    expect(full.obstacle(push({ code: BALANCE, amount: 2n }))).toEqual({
      ...{ kind: 'beyond-counting', account: BALANCE },
    });
    const low = booksOf([accountOf(BALANCE, { balance: 1n - MAX })], []);
    expect(low.obstacle(push({ code: BALANCE, side: 'credit' }))).toBeUndefined();
    expect(low.obstacle(push({ code: BALANCE, side: 'credit', amount: 2n }))).toMatchObject({
      ...{ kind: 'beyond-counting' },
    });
  });

  it('is, below zero by facts, what a chain does not take deeper', () => {
    const books = booksOf([accountOf(SHOP, { balance: -5n })], []);
    books.beginChain();
    books.move({ debit: BALANCE, credit: SHOP }, 3n, 'EUR');
    expect(books.obstacle(push({ code: SHOP, amount: 3n }))).toBeUndefined();
    expect(books.obstacle(push({ code: SHOP, amount: 4n }))).toEqual({
      ...{ kind: 'FLOOR', account: SHOP, limit: -5n, shortfall: 1n },
    });
    expect(books.obstacle(push({ code: SHOP, amount: 4n, nature: 'fact' }))).toBeUndefined();
  });

  it('is nothing that the chart does not know', () => {
    const nowhere = { kind: 'no-such-account', account: 'no:such' };
    expect(wallet({}).obstacle(push({ code: 'no:such' }))).toEqual(nowhere);
    expect(wallet({}).obstacleToHold('no:such', 1n)).toEqual(nowhere);
  });
});

describe('what can be held', () => {
  it('is what is there and not held yet, of an account that a debit takes from', () => {
    const books = wallet({ balance: 5n, held: 2n });
    expect(books.obstacleToHold(WALLET, 3n)).toBeUndefined();
    expect(books.obstacleToHold(WALLET, 4n)).toMatchObject({ kind: 'FLOOR', shortfall: 1n });
    expect(books.obstacleToHold(BALANCE, 1n)).toEqual({ kind: 'holds-nothing', account: BALANCE });
    const frozen = wallet({ balance: 5n, terms: { ...OPEN, condition: 'frozen-debit' } });
    expect(frozen.obstacleToHold(WALLET, 1n)).toEqual({ kind: 'ACCOUNT_FROZEN', account: WALLET });
  });

  it('is no more than the books can count', () => {
    const books = wallet({ balance: MAX, held: MAX - 1n });
    expect(books.obstacleToHold(WALLET, 1n)).toBeUndefined();
    expect(books.obstacleToHold(WALLET, 2n)).toEqual({ kind: 'beyond-counting', account: WALLET });
  });

  it('leaves spendable what is neither held nor below the floor', () => {
    expect(wallet({ balance: 5n, held: 2n }).spendableOf(WALLET)).toBe(3n);
    expect(wallet({ balance: 5n, held: 7n }).spendableOf(WALLET)).toBe(0n);
    expect(wallet({ balance: 5n, terms: { ...OPEN, floor: 3n } }).spendableOf(WALLET)).toBe(2n);
    expect(wallet({}).spendableOf('user:usr_z:wallet')).toBe(0n);
  });
});

describe('a step', () => {
  const run = (step: Step, over: Partial<HoldState> = {}, balance = 10n): unknown => {
    const books = booksOf([accountOf(WALLET, { balance, held: balance })], [hold(over)]);
    books.beginChain();
    return runSteps(books, [step], NOON);
  };
  const capture = (over: object): Step => ({
    ...{ do: 'capture', holdId: 'h', credit: SHOP, amount: 4n, take: 'exactly', purpose: 'sale' },
    ...over,
  });
  const NOTHING = { outcome: 'refused', code: 'NOTHING_TO_MOVE' };

  it('captures what it says, or at most what remains', () => {
    const moved = (amount: bigint) => ({ moves: [{ purpose: 'sale', amount, held: true }] });
    expect(run(capture({}))).toMatchObject(moved(4n));
    expect(run(capture({ take: 'up-to' }))).toMatchObject(moved(4n));
    expect(run(capture({ take: 'up-to', amount: 10n }))).toMatchObject(moved(10n));
    expect(run(capture({ take: 'up-to', amount: 11n }))).toMatchObject(moved(10n));
    expect(run(capture({ amount: 10n }))).toMatchObject(moved(10n));
    expect(run(capture({ amount: 11n }))).toMatchObject({
      ...{ code: 'HOLD_TOO_SMALL', account: WALLET, limit: 10n, shortfall: 1n },
    });
  });

  it('captures for somebody else only', () => {
    expect(run(capture({ credit: WALLET }))).toEqual({
      ...{ outcome: 'impossible', rule: 'must not be the account that is held', value: WALLET },
    });
  });

  it.each([
    capture({ amount: 0n }),
    { do: 'increase', holdId: 'h', amount: 0n },
    { do: 'release', holdId: 'h', amount: 0n },
    { do: 'place', holdId: 'n', account: WALLET, amount: 0n, expiresAt: null },
  ] as Step[])('of nothing does nothing: $do', (step) => {
    expect(run(step)).toMatchObject(NOTHING);
  });

  it('releases no more than remains', () => {
    const released = run({ do: 'release', holdId: 'h', amount: 10n });
    expect(released).toMatchObject({ holds: [{ released: 10n, condition: 'released' }] });
    expect(run({ do: 'release', holdId: 'h', amount: 11n })).toMatchObject({
      ...{ code: 'HOLD_TOO_SMALL', shortfall: 1n },
    });
  });

  it('increases no hold beyond what the books can count', () => {
    const grown = { placed: MAX - 5n, captured: MAX - 6n };
    const step = (amount: bigint): Step => ({ do: 'increase', holdId: 'h', amount });
    const books = (): ReturnType<typeof booksOf> =>
      booksOf([accountOf(WALLET, { balance: 100n, held: 1n })], [hold(grown)]);
    expect(runSteps(books(), [step(5n)], NOON)).toMatchObject({
      ...{ outcome: 'posted', reserved: [{ account: WALLET, amount: 5n }] },
    });
    expect(runSteps(books(), [step(6n)], NOON)).toEqual({
      ...{ outcome: 'impossible', value: WALLET },
      rule: 'must not hold more than the books can count',
    });
  });

  it('needs a hold that there is, and that may expire', () => {
    expect(run(capture({ holdId: 'x' }))).toMatchObject({ code: 'HOLD_UNKNOWN', account: null });
    expect(run({ do: 'finish', holdId: 'x' })).toMatchObject({ code: 'HOLD_UNKNOWN' });
    expect(run({ do: 'expire', holdId: 'x' })).toEqual({
      ...{ outcome: 'impossible', rule: 'must be a hold', value: 'x' },
    });
    expect(run({ do: 'expire', holdId: 'h' })).toEqual({
      ...{ outcome: 'impossible', rule: 'must be a hold whose time has come', value: 'h' },
    });
    expect(run({ do: 'expire', holdId: 'h' }, { expiresAt: NOON })).toMatchObject({
      ...{ outcome: 'posted', holds: [{ condition: 'expired', released: 10n }] },
    });
  });

  it('places nothing that has expired already', () => {
    const place = (expiresAt: Date): Step => ({
      ...{ do: 'place', holdId: 'n', account: WALLET, amount: 1n, expiresAt },
    });
    expect(run(place(NOON))).toMatchObject({ code: 'HOLD_EXPIRED', account: WALLET });
    const books = booksOf([accountOf(WALLET, { balance: 1n })], []);
    expect(runSteps(books, [place(new Date(NOON.getTime() + 1))], NOON)).toMatchObject({
      ...{ outcome: 'posted', moves: [], reserved: [{ account: WALLET, amount: 1n }] },
    });
  });
});

describe('terms', () => {
  const set = (over: object, account: Parameters<typeof accountOf>[1]): unknown =>
    setAccount(wallet(account), {
      kind: 'account-set',
      id: '1',
      ...common,
      account: WALLET,
      ...over,
    });

  it('have no floor above what is there and not held, and no ceiling below what is there', () => {
    const standing = { balance: 9n, held: 2n };
    expect(set({ floorMinor: '7' }, standing)).toMatchObject({ outcome: 'posted', moves: [] });
    expect(set({ floorMinor: '8' }, standing)).toMatchObject({
      ...{ outcome: 'refused', code: 'FLOOR', account: WALLET, limit: 8n, shortfall: 1n },
    });
    expect(set({ ceilingMinor: '9' }, standing)).toMatchObject({ outcome: 'posted' });
    expect(set({ ceilingMinor: '6' }, standing)).toMatchObject({
      ...{ outcome: 'refused', code: 'CEILING', account: WALLET, limit: 6n, shortfall: 3n },
    });
    expect(set({ floorMinor: '-4' }, { balance: 0n })).toMatchObject({
      account: { terms: { ...OPEN, floor: -4n } },
    });
  });

  it('are told as impossible where there is no such account', () => {
    expect(set({ account: 'no:such' }, {})).toEqual({
      ...{ outcome: 'impossible', rule: 'must be an account of the chart', value: 'no:such' },
    });
    expect(set({ account: 'suspense:payment' }, {})).toEqual({
      ...{ outcome: 'impossible', rule: 'must not be a suspense account' },
      value: 'suspense:payment',
    });
  });
});

describe('an impossible posting', () => {
  it('says what the books cannot count', () => {
    const full = new Map([[BALANCE, accountOf(BALANCE, { balance: MAX })]]);
    const entry = { command: topUp('1', '5'), content: '' };
    expect(decide({ ...NEW_LEDGER, accounts: full, lastAccount: 1n }, [entry]).decisions).toEqual([
      {
        ...{ outcome: 'impossible', value: BALANCE },
        rule: 'must not hold more than the books can count',
      },
    ]);
  });
});
