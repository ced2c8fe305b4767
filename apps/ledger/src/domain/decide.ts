import { invariant } from '@stuiver/errors';
import { Books } from './books.js';
import type { AccountState } from './chart-of-accounts.js';
import type { BookingCommand, Command, VoidCommand } from './commands.js';
import { type Decision, refused } from './decision.js';
import { postLegs } from './post-legs.js';
import { postingOf } from './posting-rules.js';
import { NOTHING_CLOSED, OpenPeriod } from './period.js';
import { NOTHING_RARE, type RareChanges, type RareState } from './rare-state.js';
import { runSteps } from './run-steps.js';
import { StandingHolds } from './standing-holds.js';
import { isStepCommand, stepsOf } from './steps.js';

/** One batch: what is decided together, written together, and answered one by one. */
export const BATCH_COMMANDS_MAX = 512;

/** What the ledger stands at before a batch. */
export interface LedgerState {
  /** Missing means: never opened. */
  readonly accounts: ReadonlyMap<string, AccountState>;
  /** The highest account number given so far. */
  readonly lastAccount: bigint;
  /** The time of the batch that is decided; never before that of the last one. */
  readonly at: Date;
  /** What would take effect before this moment is in a closed month. */
  readonly openFrom: Date;
  readonly rare: RareState;
}

/** Before the first batch. */
export const NEW_LEDGER: LedgerState = {
  accounts: new Map(),
  lastAccount: 0n,
  at: new Date(0),
  openFrom: NOTHING_CLOSED,
  rare: NOTHING_RARE,
};

export interface CommandToDecide {
  readonly command: Command;
  /** The command's canonical text: what "same content" means. */
  readonly content: string;
}

export interface Decided {
  /** One for each command, in order. */
  readonly decisions: readonly Decision[];
  /** The accounts that changed, as they are now. */
  readonly changed: ReadonlyMap<string, AccountState>;
  readonly lastAccount: bigint;
  readonly openFrom: Date;
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
  const period = new OpenPeriod(state.openFrom, state.at);
  const standing = new StandingHolds(state.rare.standing, books);
  const seen = new Map<string, number>();
  const decisions = commands.map((entry, index): Decision => {
    const earlier = seen.get(entry.command.id);
    if (earlier !== undefined) return again(commands[earlier], entry, earlier);
    const { command } = entry;
    const decision =
      command.kind === 'period-close'
        ? period.close(command)
        : (period.obstacle(command) ?? standing.explain(decideOne(books, command, state.at)));
    if (decision.outcome !== 'impossible') seen.set(entry.command.id, index);
    return decision;
  });
  return {
    decisions,
    changed: books.changed,
    lastAccount: books.lastAccount,
    openFrom: period.openFrom,
    rare: { holds: books.changedHolds, subjects: new Map() },
    wanting: standing.wanting,
  };
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

function decideOne(books: Books, command: BookingCommand, at: Date): Decision {
  if (command.kind === 'void') return refused('VOIDED');
  books.beginChain();
  const decision = postChain(books, command, at);
  if (decision.outcome === 'posted') books.keepChain();
  else books.dropChain();
  return decision;
}

function postChain(
  books: Books,
  command: Exclude<BookingCommand, VoidCommand>,
  at: Date,
): Decision {
  if (isStepCommand(command)) return runSteps(books, stepsOf(command), at);
  return postLegs(books, postingOf(command), command.currency);
}
