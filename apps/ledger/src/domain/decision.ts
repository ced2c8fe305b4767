import type { Currency } from '@stuiver/money';
import type { AccountState } from './chart-of-accounts.js';
import type { HoldRefusal, HoldState } from './hold.js';
import type { OriginalTransfer } from './rare-state.js';
import type { VelocityRefusal } from './velocity.js';

/** One transfer. Balances are in minor units, each on its account's normal side, after this transfer. */
export interface Move {
  readonly purpose: string;
  readonly currency: Currency;
  readonly amount: bigint;
  readonly debit: AccountState;
  readonly credit: AccountState;
  /** It was captured from a hold. */
  readonly held?: true;
}

/** One transfer of the answer takes back so much of an earlier one. */
export interface Reversal {
  readonly commandId: string;
  /** Which of that command's transfers, from 0. */
  readonly place: number;
  /** As it was before. */
  readonly transfer: OriginalTransfer;
  /** How much of it is taken back now. */
  readonly after: bigint;
}

export type RefusalReason =
  | 'FLOOR'
  | 'CEILING'
  | 'NOTHING_TO_MOVE'
  | 'VOIDED'
  | 'PERIOD_CLOSED'
  | 'ACCOUNT_CLOSED'
  | 'ACCOUNT_FROZEN'
  | HoldRefusal
  | 'HOLD_UNKNOWN'
  | 'HOLD_TOO_SMALL'
  | 'ACCOUNT_NOT_EMPTY'
  | 'LIMIT'
  | 'ORIGINAL_UNKNOWN'
  | 'REVERSED_ALREADY';

/** Open holds that reserve what an ask wanted. */
export interface HoldsInTheWay {
  /** Minor units, of all of them. */
  readonly held: bigint;
  /** The first to expire first; not more than are told. */
  readonly first: readonly HoldState[];
}

export interface Refused {
  readonly outcome: 'refused';
  readonly code: RefusalReason;
  readonly account: string | null;
  readonly limit: bigint | null;
  readonly shortfall: bigint | null;
  readonly holds?: HoldsInTheWay;
  /** Of PERIOD_CLOSED: from when on it could take effect. */
  readonly firstOpenAt?: Date;
  readonly velocity?: VelocityRefusal & { readonly subject: string };
}

export interface Posted {
  readonly outcome: 'posted';
  readonly moves: readonly Move[];
  /** The holds that the command touched, as it left them. */
  readonly holds?: readonly HoldState[];
  /** A month was closed: the books are open from then on. */
  readonly openFrom?: Date;
  /** What it set aside: the amounts placed and increased. */
  readonly reserved?: readonly { readonly account: string; readonly amount: bigint }[];
  /** The account whose terms it set. */
  readonly account?: AccountState;
  /** One for each move. */
  readonly reversals?: readonly Reversal[];
}

export type Decision =
  | Posted
  | Refused
  /** The same command stands earlier in this batch, at `index`: it has that one's answer. */
  | { readonly outcome: 'repeat'; readonly index: number }
  /** Its id stands earlier in this batch with other content. */
  | { readonly outcome: 'conflict' }
  /** It cannot be a command of ours: no answer is kept under its id. */
  | { readonly outcome: 'impossible'; readonly rule: string; readonly value: string };

export function refused(
  code: RefusalReason,
  facts: Partial<Pick<Refused, 'account' | 'limit' | 'shortfall'>> = {},
): Refused {
  return { outcome: 'refused', code, account: null, limit: null, shortfall: null, ...facts };
}

export function impossible(rule: string, value: string): Decision {
  return { outcome: 'impossible', rule, value };
}
