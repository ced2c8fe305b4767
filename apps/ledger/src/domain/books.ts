import type { Currency } from '@stuiver/money';
import { invariant } from '@stuiver/errors';
import { openingOf, type AccountState } from './chart-of-accounts.js';
import type { Side } from './side.js';
import { remainingOf, type HoldState } from './hold.js';

/** Beyond this a balance would no longer fit the database's bigint together with one more amount. */
export const BALANCE_MINOR_MAX = 8_000_000_000_000_000_000n;

/** What stands in the way of moving an amount. */
export type Obstacle =
  | {
      readonly kind: 'no-such-account' | 'beyond-counting' | 'holds-nothing';
      readonly account: string;
    }
  | {
      readonly kind: 'ACCOUNT_FROZEN' | 'ACCOUNT_CLOSED';
      readonly account: string;
    }
  | {
      readonly kind: 'FLOOR' | 'CEILING';
      readonly account: string;
      readonly limit: bigint;
      readonly shortfall: bigint;
    };

export interface Push {
  readonly code: string;
  readonly side: Side;
  readonly amount: bigint;
  readonly nature: 'ask' | 'fact';
}

/** The accounts while a batch is decided: what it started from, and over it what the batch has done so far. */
export class Books {
  readonly changed = new Map<string, AccountState>();
  readonly changedHolds = new Map<string, HoldState>();
  lastAccount: bigint;
  /** The chain in hand, over the batch; dropped whole when a leg of it is refused. */
  private readonly chain = new Map<string, AccountState>();
  private readonly chainHolds = new Map<string, HoldState>();
  private lastAccountBeforeChain: bigint;

  constructor(
    private readonly start: {
      readonly accounts: ReadonlyMap<string, AccountState>;
      readonly lastAccount: bigint;
      readonly rare: { readonly holds: ReadonlyMap<string, HoldState> };
    },
  ) {
    this.lastAccount = start.lastAccount;
    this.lastAccountBeforeChain = start.lastAccount;
  }

  /** The holds of the chain in hand, as they are now. */
  get holdsOfChain(): readonly HoldState[] {
    return [...this.chainHolds.values()];
  }

  beginChain(): void {
    this.chain.clear();
    if (this.chainHolds.size > 0) this.chainHolds.clear();
    this.lastAccountBeforeChain = this.lastAccount;
  }

  keepChain(): void {
    for (const [code, account] of this.chain) this.changed.set(code, account);
    for (const [id, hold] of this.chainHolds) this.changedHolds.set(id, hold);
  }

  dropChain(): void {
    this.chain.clear();
    this.chainHolds.clear();
    this.lastAccount = this.lastAccountBeforeChain;
  }

  isOfChain(holdId: string): boolean {
    return this.chainHolds.has(holdId);
  }

  /** What of a balance is neither held nor below the account's floor; zero when there is none. */
  spendableOf(code: string): bigint {
    const account = this.find(code);
    if (account === undefined) return 0n;
    const spendable = account.balance - account.held - (account.terms?.floor ?? 0n);
    return spendable > 0n ? spendable : 0n;
  }

  heldOn(code: string): bigint {
    return this.find(code)?.held ?? 0n;
  }

  /** Why `amount` cannot be put on this side of the account; undefined when it can. */
  obstacle(push: Push): Obstacle | undefined {
    const { code, side, amount } = push;
    const account = this.find(code) ?? openingOf(0n, code, 'EUR');
    if (account === undefined) return { kind: 'no-such-account', account: code };
    const barred = account.terms === null ? undefined : barredBy(account, side);
    if (barred !== undefined) return barred;
    const delta = signed(account.normalSide, side, amount);
    const after = account.balance + delta;
    if (after > BALANCE_MINOR_MAX || after < -BALANCE_MINOR_MAX) {
      return { kind: 'beyond-counting', account: code };
    }
    return delta < 0n
      ? this.belowFloor(account, after - account.held, push.nature)
      : aboveCeiling(account, after);
  }

  /** Why `amount` more of the account cannot be held; undefined when it can. */
  obstacleToHold(code: string, amount: bigint): Obstacle | undefined {
    const account = this.find(code) ?? openingOf(0n, code, 'EUR');
    if (account === undefined) return { kind: 'no-such-account', account: code };
    // What is held is debited later: that must take something away.
    if (account.normalSide === 'debit') return { kind: 'holds-nothing', account: code };
    const barred = barredBy(account, 'debit');
    if (barred !== undefined) return barred;
    const held = account.held + amount;
    if (held > BALANCE_MINOR_MAX) return { kind: 'beyond-counting', account: code };
    return this.belowFloor(account, account.balance - held, 'ask');
  }

  limitsOn(code: string): AccountState['limits'] {
    return this.find(code)?.limits ?? null;
  }

  /** As it stands, or as it would be opened; undefined when there can be none. */
  accountOrOpening(code: string, currency: Currency): AccountState | undefined {
    return this.find(code) ?? openingOf(this.lastAccount + 1n, code, currency);
  }

  /** What does not move money: terms and limits. */
  putAccount(account: AccountState): void {
    if (account.id > this.lastAccount) this.lastAccount = account.id;
    this.chain.set(account.code, account);
  }

  hold(id: string): HoldState | undefined {
    return this.chainHolds.get(id) ?? this.changedHolds.get(id) ?? this.start.rare.holds.get(id);
  }

  /** Puts the hold in place of what it was; its account reserves what remains of it now. */
  putHold(hold: HoldState): void {
    const was = this.hold(hold.id);
    const more = remainingOf(hold) - (was === undefined ? 0n : remainingOf(was));
    const account = this.find(hold.account) ?? this.open(hold.account, hold.currency);
    this.chain.set(hold.account, { ...account, held: account.held + more });
    this.chainHolds.set(hold.id, hold);
  }

  /** Moves, and gives both accounts as they are afterwards. */
  move(
    sides: { readonly debit: string; readonly credit: string },
    amount: bigint,
    currency: Currency,
  ): { currency: Currency; amount: bigint; debit: AccountState; credit: AccountState } {
    const debit = this.put(sides.debit, { side: 'debit', amount, currency });
    const credit = this.put(sides.credit, { side: 'credit', amount, currency });
    return { currency, amount, debit, credit };
  }

  /**
   * The limit is the floor; or, where facts have already taken the account below it, what it had before this chain: a
   * chain that brings a merchant more than it takes is welcome however deep the account is.
   */
  private belowFloor(
    account: AccountState,
    after: bigint,
    nature: 'ask' | 'fact',
  ): Obstacle | undefined {
    const floor = floorFor(account, nature);
    if (floor === null || after >= floor) return undefined;
    const { code } = account;
    const began = this.changed.get(code) ?? this.start.accounts.get(code);
    const before = began === undefined ? 0n : began.balance - began.held;
    const limit = before < floor ? before : floor;
    if (after >= limit) return undefined;
    return { kind: 'FLOOR', account: code, limit, shortfall: limit - after };
  }

  private find(code: string): AccountState | undefined {
    return this.chain.get(code) ?? this.changed.get(code) ?? this.start.accounts.get(code);
  }

  private put(
    code: string,
    { side, amount, currency }: { side: Side; amount: bigint; currency: Currency },
  ): AccountState {
    const before = this.find(code) ?? this.open(code, currency);
    invariant(isSame(before.currency, currency), 'money never crosses currencies');
    const after = {
      id: before.id,
      code,
      currency: before.currency,
      normalSide: before.normalSide,
      floor: before.floor,
      owner: before.owner,
      balance: before.balance + signed(before.normalSide, side, amount),
      version: before.version + 1n,
      held: before.held,
      terms: before.terms,
      limits: before.limits,
    };
    this.chain.set(code, after);
    return after;
  }

  private open(code: string, currency: Currency): AccountState {
    const opening = openingOf(this.lastAccount + 1n, code, currency);
    invariant(opening !== undefined, 'only accounts of the chart are opened');
    this.lastAccount += 1n;
    return opening;
  }
}

function barredBy({ code, terms }: AccountState, side: Side): Obstacle | undefined {
  switch (terms?.condition) {
    case undefined:
    case 'open':
      return undefined;
    case 'closed':
      return { kind: 'ACCOUNT_CLOSED', account: code };
    case 'frozen':
      return { kind: 'ACCOUNT_FROZEN', account: code };
    case 'frozen-debit':
      return side === 'debit' ? { kind: 'ACCOUNT_FROZEN', account: code } : undefined;
  }
}

/** An account's own floor is for asks and facts alike. */
function floorFor({ floor, terms }: AccountState, nature: 'ask' | 'fact'): bigint | null {
  if (terms !== null && terms.floor !== null) return terms.floor;
  const isFloored = floor === 'zero' || (floor === 'zero-for-asks' && nature === 'ask');
  return isFloored ? 0n : null;
}

/** Held money is still the account's: the ceiling counts it. */
function aboveCeiling({ code, terms }: AccountState, after: bigint): Obstacle | undefined {
  const limit = terms?.ceiling ?? null;
  if (limit === null || after <= limit) return undefined;
  return { kind: 'CEILING', account: code, limit, shortfall: after - limit };
}

/** As text: while the catalogue has one currency, the compiler takes the comparison for idle. */
function isSame(first: string, second: string): boolean {
  return first === second;
}

function signed(normalSide: Side, side: Side, amount: bigint): bigint {
  return side === normalSide ? amount : -amount;
}
