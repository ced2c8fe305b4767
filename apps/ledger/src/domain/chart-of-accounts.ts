import type { Currency } from '@stuiver/money';
import type { Side } from './side.js';
import type { VelocityLimit } from './velocity.js';

/**
 * What may not happen to a balance, counted on the account's normal side.
 * `zero`: it is never below zero. `zero-for-asks`: only facts (a dispute, a bank's return) may take it there.
 */
export type Floor = 'zero' | 'zero-for-asks' | 'none';

/** Whose money it is. `operator` stands for everything that is not a customer's. */
export type OwnerKind = 'user' | 'merchant' | 'operator';

interface ChartRow {
  readonly pattern: string;
  readonly normalSide: Side;
  readonly floor: Floor;
  readonly owner: OwnerKind;
}

/** Every account there can be; the first pattern that fits counts. A name that fits none is never opened. */
// prettier-ignore
export const CHART_OF_ACCOUNTS: readonly ChartRow[] = [
  // What we have.
  { pattern: 'psp:{psp}:balance',       normalSide: 'debit',  floor: 'none',          owner: 'operator' },
  { pattern: 'psp:{psp}:transit',       normalSide: 'debit',  floor: 'none',          owner: 'operator' },
  { pattern: 'psp:{psp}:acct:{id}',     normalSide: 'debit',  floor: 'none',          owner: 'operator' },
  { pattern: 'bank:{id}',               normalSide: 'debit',  floor: 'none',          owner: 'operator' },
  // What we owe.
  { pattern: 'user:{id}:wallet',        normalSide: 'credit', floor: 'zero',          owner: 'user' },
  { pattern: 'user:{id}:payout',        normalSide: 'credit', floor: 'zero',          owner: 'user' },
  { pattern: 'merchant:{id}:pending',   normalSide: 'credit', floor: 'zero-for-asks', owner: 'merchant' },
  { pattern: 'merchant:{id}:frozen',    normalSide: 'credit', floor: 'zero',          owner: 'merchant' },
  { pattern: 'merchant:{id}:available', normalSide: 'credit', floor: 'zero',          owner: 'merchant' },
  { pattern: 'merchant:{id}:reserve',   normalSide: 'credit', floor: 'zero',          owner: 'merchant' },
  { pattern: 'merchant:{id}:payout',    normalSide: 'credit', floor: 'zero',          owner: 'merchant' },
  { pattern: 'refund:transit',          normalSide: 'credit', floor: 'zero',          owner: 'operator' },
  { pattern: 'suspense:late-success',   normalSide: 'credit', floor: 'zero',          owner: 'operator' },
  { pattern: 'suspense:{reason}',       normalSide: 'credit', floor: 'none',          owner: 'operator' },
  { pattern: 'tax:vat',                 normalSide: 'credit', floor: 'none',          owner: 'operator' },
  // What we earn, what it costs, and the operator's own float.
  { pattern: 'fees:income',             normalSide: 'credit', floor: 'none',          owner: 'operator' },
  { pattern: 'fees:psp',                normalSide: 'debit',  floor: 'none',          owner: 'operator' },
  { pattern: 'loss:{reason}',           normalSide: 'debit',  floor: 'none',          owner: 'operator' },
  { pattern: 'equity:operator',         normalSide: 'credit', floor: 'none',          owner: 'operator' },
];

export type AccountCondition = 'open' | 'frozen-debit' | 'frozen' | 'closed';

/** What commands said about an account; without, it is open and has the chart's floor. Minor units. */
export interface AccountTerms {
  readonly condition: AccountCondition;
  /** Replaces the chart's floor, for facts too; null leaves the chart's. */
  readonly floor: bigint | null;
  readonly ceiling: bigint | null;
}

/** An account between two batches. */
export interface AccountState {
  /** The ledger's own number of it; given when it is opened, by its first transfer. */
  readonly id: bigint;
  readonly code: string;
  readonly currency: Currency;
  readonly normalSide: Side;
  readonly floor: Floor;
  /** `user:{id}`, `merchant:{id}` or `operator`. */
  readonly owner: string;
  /** Minor units on the normal side. */
  readonly balance: bigint;
  /** How many transfers ever touched it. */
  readonly version: bigint;
  /** What its open holds reserve, in minor units. Only facts can take a balance below it. */
  readonly held: bigint;
  /** Null when no command ever said any. */
  readonly terms: AccountTerms | null;
  /** Velocity limits on this account; null when it has none. */
  readonly limits: readonly VelocityLimit[] | null;
}

export type Placement = Pick<AccountState, 'normalSide' | 'floor' | 'owner'>;

/** What `{…}` in a pattern stands for: an id of ours, of a PSP or of a bank account. */
const NAME = '[A-Za-z0-9_.-]{1,64}';
const COMPILED = CHART_OF_ACCOUNTS.map((row) => ({
  row,
  fits: new RegExp(`^${row.pattern.replaceAll(/\{[a-z]+\}/g, `(${NAME})`)}$`),
}));

/** Where an account of this name stands in the chart; undefined when there can be none. */
export function placementOf(code: string): Placement | undefined {
  for (const { row, fits } of COMPILED) {
    const match = fits.exec(code);
    if (match === null) continue;
    const owner = row.owner === 'operator' ? row.owner : `${row.owner}:${match[1] ?? ''}`;
    return { normalSide: row.normalSide, floor: row.floor, owner };
  }
  return undefined;
}

/** The hard floor in minor units, which the database checks too; null when facts may cross it or there is none. */
export function hardFloorOf({
  floor,
  terms,
}: Pick<AccountState, 'floor' | 'terms'>): bigint | null {
  if (terms !== null && terms.floor !== null) return terms.floor;
  return floor === 'zero' ? 0n : null;
}

/** An account before its first transfer. */
export function openingOf(id: bigint, code: string, currency: Currency): AccountState | undefined {
  const placement = placementOf(code);
  if (placement === undefined) return undefined;
  const nothing = { balance: 0n, version: 0n, held: 0n, terms: null, limits: null };
  return { id, code, currency, ...placement, ...nothing };
}
