import type { Currency } from '@stuiver/money';
import { invariant } from '@stuiver/errors';
import {
  openingOf,
  placementOf,
  type AccountState,
  type Floor,
  type Side,
} from './chart-of-accounts.js';

/** Beyond this a balance would no longer fit the database's bigint together with one more amount. */
const BALANCE_MINOR_MAX = 8_000_000_000_000_000_000n;

/** What stands in the way of moving an amount. */
export type Obstacle =
  | { readonly kind: 'no-such-account'; readonly account: string }
  | { readonly kind: 'beyond-counting'; readonly account: string }
  | {
      readonly kind: 'floor';
      readonly floor: {
        readonly account: string;
        readonly limit: bigint;
        readonly shortfall: bigint;
      };
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
  lastAccount: bigint;
  /** The chain in hand, over the batch; dropped whole when a leg of it is refused. */
  private readonly chain = new Map<string, AccountState>();
  private lastAccountBeforeChain: bigint;

  constructor(
    private readonly start: {
      readonly accounts: ReadonlyMap<string, AccountState>;
      readonly lastAccount: bigint;
    },
  ) {
    this.lastAccount = start.lastAccount;
    this.lastAccountBeforeChain = start.lastAccount;
  }

  beginChain(): void {
    this.chain.clear();
    this.lastAccountBeforeChain = this.lastAccount;
  }

  keepChain(): void {
    for (const [code, account] of this.chain) this.changed.set(code, account);
  }

  dropChain(): void {
    this.lastAccount = this.lastAccountBeforeChain;
  }

  balanceOf(code: string): bigint {
    return this.find(code)?.balance ?? 0n;
  }

  /** Why `amount` cannot be put on this side of the account; undefined when it can. */
  obstacle(push: Push): Obstacle | undefined {
    const { code, side, amount } = push;
    const opened = this.find(code);
    const account = opened ?? placementOf(code);
    if (account === undefined) return { kind: 'no-such-account', account: code };
    const before = opened?.balance ?? 0n;
    const after = before + signed(account.normalSide, side, amount);
    if (after > BALANCE_MINOR_MAX || after < -BALANCE_MINOR_MAX) {
      return { kind: 'beyond-counting', account: code };
    }
    if (after >= before || !isFloored(account.floor, push.nature)) return undefined;
    const limit = this.limitOf(code);
    if (after >= limit) return undefined;
    return { kind: 'floor', floor: { account: code, limit, shortfall: limit - after } };
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
   * Zero; or, where facts have already taken the account below that, what it had before this chain: a chain that
   * brings a merchant more than it takes is welcome however deep the account is.
   */
  private limitOf(code: string): bigint {
    const beforeChain = (this.changed.get(code) ?? this.start.accounts.get(code))?.balance ?? 0n;
    return beforeChain < 0n ? beforeChain : 0n;
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

function isFloored(floor: Floor, nature: 'ask' | 'fact'): boolean {
  return floor === 'zero' || (floor === 'zero-for-asks' && nature === 'ask');
}

/** As text: while the catalogue has one currency, the compiler takes the comparison for idle. */
function isSame(first: string, second: string): boolean {
  return first === second;
}

function signed(normalSide: Side, side: Side, amount: bigint): bigint {
  return side === normalSide ? amount : -amount;
}
