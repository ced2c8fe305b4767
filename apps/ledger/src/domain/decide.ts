import type { Currency } from '@stuiver/money';
import { invariant } from '@stuiver/errors';
import type { AccountState } from './chart-of-accounts.js';
import type { Command, PostingCommand } from './commands.js';
import { Books } from './books.js';
import { NOTHING_CHANGED, NOTHING_RARE, type RareChanges, type RareState } from './rare-state.js';
import { postingOf, type Leg, type Posting } from './posting-rules.js';

/** One batch: what is decided together, written together, and answered one by one. */
export const BATCH_COMMANDS_MAX = 512;

/** A refusal names so many of the holds that stand in its way. */
export const HOLDS_EXPLAINED_MAX = 8;

/** What the ledger stands at before a batch. */
export interface LedgerState {
  /** Missing means: never opened. */
  readonly accounts: ReadonlyMap<string, AccountState>;
  /** The highest account number given so far. */
  readonly lastAccount: bigint;
  /** The time of the batch that is decided; never before that of the last one. */
  readonly at: Date;
  readonly rare: RareState;
}

/** Before the first batch. */
export const NEW_LEDGER: LedgerState = {
  accounts: new Map(),
  lastAccount: 0n,
  at: new Date(0),
  rare: NOTHING_RARE,
};

export interface CommandToDecide {
  readonly command: Command;
  /** The command's canonical text: what "same content" means. */
  readonly content: string;
}

/** One transfer. Balances are in minor units, each on its account's normal side, after this transfer. */
export interface Move {
  readonly purpose: string;
  readonly currency: Currency;
  readonly amount: bigint;
  readonly debit: AccountState;
  readonly credit: AccountState;
}

export type RefusalReason = 'FLOOR' | 'NOTHING_TO_MOVE' | 'VOIDED';

export type Decision =
  | { readonly outcome: 'posted'; readonly moves: readonly Move[] }
  | {
      readonly outcome: 'refused';
      readonly code: RefusalReason;
      readonly account: string | null;
      readonly limit: bigint | null;
      readonly shortfall: bigint | null;
    }
  /** The same command stands earlier in this batch, at `index`: it has that one's answer. */
  | { readonly outcome: 'repeat'; readonly index: number }
  /** Its id stands earlier in this batch with other content. */
  | { readonly outcome: 'conflict' }
  /** It cannot be a command of ours: no answer is kept under its id. */
  | { readonly outcome: 'impossible'; readonly rule: string; readonly value: string };

export interface Decided {
  /** One for each command, in order. */
  readonly decisions: readonly Decision[];
  /** The accounts that changed, as they are now. */
  readonly changed: ReadonlyMap<string, AccountState>;
  readonly lastAccount: bigint;
  readonly rare: RareChanges;
  /** Accounts whose open holds must be known (`RareState.standing`) before refusals can be explained. */
  readonly wanting: readonly string[];
}

/**
 * Decides a batch: pure, in order, each command seeing what the earlier ones did. A command posts all its transfers or
 * none.
 */
export function decide(state: LedgerState, commands: readonly CommandToDecide[]): Decided {
  // Expiries come before the others and are counted apart, by as many.
  const asked = commands.findIndex(({ command }) => command.kind !== 'hold-expire');
  const fromOutside = asked < 0 ? 0 : commands.length - asked;
  invariant(fromOutside <= BATCH_COMMANDS_MAX, 'a batch has at most 512 commands');
  const books = new Books(state);
  const seen = new Map<string, number>();
  const decisions = commands.map((entry, index): Decision => {
    const earlier = seen.get(entry.command.id);
    if (earlier !== undefined) return again(commands[earlier], entry, earlier);
    const decision = decideOne(books, entry.command);
    if (decision.outcome !== 'impossible') seen.set(entry.command.id, index);
    return decision;
  });
  const { changed, lastAccount } = books;
  return { decisions, changed, lastAccount, rare: NOTHING_CHANGED, wanting: [] };
}

/** A void answers with whatever its id led to, and whatever comes after a void is voided. */
export function isSameCommand(
  first: { readonly kind: string; readonly content: string },
  second: { readonly kind: string; readonly content: string },
): boolean {
  return first.kind === 'void' || second.kind === 'void' || first.content === second.content;
}

function again(
  first: CommandToDecide | undefined,
  second: CommandToDecide,
  index: number,
): Decision {
  invariant(first !== undefined, 'what was seen stands in the batch');
  const same = isSameCommand(
    { kind: first.command.kind, content: first.content },
    { kind: second.command.kind, content: second.content },
  );
  return same ? { outcome: 'repeat', index } : { outcome: 'conflict' };
}

function decideOne(books: Books, command: Command): Decision {
  if (command.kind === 'void') {
    return { outcome: 'refused', code: 'VOIDED', account: null, limit: null, shortfall: null };
  }
  if (command.kind === 'hold-expire') return impossible('must be a hold', command.holdId);
  const posting = postingOf(command);
  books.beginChain();
  const decision = postChain(books, command, posting);
  if (decision.outcome === 'posted') books.keepChain();
  else books.dropChain();
  return decision;
}

function postChain(books: Books, command: PostingCommand, posting: Posting): Decision {
  const moves: Move[] = [];
  let moved = 0n;
  for (const leg of posting.legs) {
    const amount = amountOf(books, leg, moved);
    if (amount === 0n) continue;
    const placed = placeLeg(books, posting, { leg, amount });
    if ('outcome' in placed) return placed;
    moved += amount;
    // Both sides strayed to the same suspense account: nothing is left to move.
    if (placed.debit === placed.credit) continue;
    moves.push({ purpose: leg.purpose, ...books.move(placed, amount, command.currency) });
  }
  if (moves.length > 0 || posting.nature === 'fact') return { outcome: 'posted', moves };
  const account = posting.legs[0]?.debit ?? null;
  return { outcome: 'refused', code: 'NOTHING_TO_MOVE', account, limit: null, shortfall: null };
}

function amountOf(books: Books, { amount, debit }: Leg, moved: bigint): bigint {
  switch (amount.take) {
    case 'exactly':
      return amount.minor;
    case 'rest':
      return amount.minor - moved;
    case 'all':
      return most(books.balanceOf(debit), 0n);
    case 'up-to':
      return least(most(books.balanceOf(debit), 0n), amount.minor);
  }
}

function most(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

interface Sides {
  readonly debit: string;
  readonly credit: string;
}

/** Where the leg can go: as the rule says, for a fact perhaps to suspense; or why the ask is refused. */
function placeLeg(
  books: Books,
  posting: Posting,
  { leg, amount }: { leg: Leg; amount: bigint },
): Sides | Decision {
  const placed = { debit: leg.debit, credit: leg.credit };
  for (const side of ['debit', 'credit'] as const) {
    const push = { side, amount, nature: posting.nature };
    let obstacle = books.obstacle({ ...push, code: leg[side] });
    if (obstacle !== undefined && obstacle.kind !== 'beyond-counting' && posting.stray !== null) {
      placed[side] = posting.stray;
      obstacle = books.obstacle({ ...push, code: posting.stray });
    }
    if (obstacle?.kind === 'no-such-account') {
      return impossible('must be an account of the chart', obstacle.account);
    }
    if (obstacle?.kind === 'beyond-counting') {
      return impossible('must not hold more than the books can count', obstacle.account);
    }
    if (obstacle !== undefined) return { outcome: 'refused', code: 'FLOOR', ...obstacle.floor };
  }
  return placed;
}

function impossible(rule: string, value: string): Decision {
  return { outcome: 'impossible', rule, value };
}
