import { type LedgerResult, LedgerUnavailable } from '@stuiver/contracts';
import { isSameCommand } from '../domain/decide.js';
import { type AcceptedCommand, contentSha256 } from './accept-command.js';
import type { KnownCommand } from './ledger-store.js';
import { type Answer, conflict } from './plan-batch.js';

/** A command and who waits for its answer. */
export interface Waiting {
  readonly command: AcceptedCommand;
  readonly resolve: (result: LedgerResult) => void;
  readonly reject: (error: Error) => void;
}

export function commandsOf(batch: readonly Waiting[]): readonly AcceptedCommand[] {
  return batch.map(({ command }) => command);
}

export function give(waiting: Waiting, answer: Answer | undefined): void {
  if (answer?.result !== undefined) waiting.resolve(answer.result);
  else if (answer?.refusal !== undefined) waiting.reject(answer.refusal);
  else waiting.reject(new LedgerUnavailable('the batch gave no answer'));
}

/** Answers everybody whose id has its answer already. @returns the others. */
export function answerKnown(
  batch: readonly Waiting[],
  known: readonly KnownCommand[],
): readonly Waiting[] {
  if (known.length === 0) return batch;
  const byId = new Map(known.map((command) => [command.id, command]));
  return batch.filter((waiting) => {
    const first = byId.get(waiting.command.id);
    if (first === undefined) return true;
    give(waiting, answerOf(first, waiting.command));
    return false;
  });
}

function answerOf(first: KnownCommand, { id, command, content }: AcceptedCommand): Answer {
  const same = isSameCommand(
    { kind: first.kind, content: first.contentSha256 },
    { kind: command.kind, content: contentSha256(content) },
  );
  return same ? { result: first.result } : { refusal: conflict(id) };
}
