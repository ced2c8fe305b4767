import { invariant } from '@stuiver/errors';
import { BatchInHand, type BatchOutcome } from './batch-in-hand.js';
import type { Command } from './commands.js';
import type { Decision } from './decision.js';
import type { LedgerState } from './ledger-state.js';

export type { Decision } from './decision.js';
export { NEW_LEDGER, type LedgerState } from './ledger-state.js';

/** One batch: what is decided together, written together, and answered one by one. */
export const BATCH_COMMANDS_MAX = 512;

export interface CommandToDecide {
  readonly command: Command;
  /** The command's canonical text: what "same content" means. */
  readonly content: string;
}

export interface Decided extends BatchOutcome {
  /** One for each command, in order. */
  readonly decisions: readonly Decision[];
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
  const seen = new Map<string, number>();
  const decisions: Decision[] = [];
  const batch = new BatchInHand(state, (commandId) => decisions[seen.get(commandId) ?? -1]);
  for (const [index, entry] of commands.entries()) {
    const earlier = seen.get(entry.command.id);
    if (earlier !== undefined) {
      decisions.push(again(commands[earlier], entry, earlier));
      continue;
    }
    const decision = batch.decideOne(entry.command);
    if (decision.outcome !== 'impossible') seen.set(entry.command.id, index);
    decisions.push(decision);
  }
  return { decisions, ...batch.end() };
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
