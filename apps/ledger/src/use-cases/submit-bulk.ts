import {
  BULK_COMMANDS_MAX,
  type BulkAnswer,
  type BulkError,
  type LedgerResult,
  LedgerUnavailable,
} from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';

/** Takes many commands at once; each has the fate it would have had alone. */
export class SubmitBulk<Given> {
  constructor(
    private readonly one: { run(command: Given): Promise<LedgerResult> },
    private readonly onSurprise: (error: unknown) => void,
  ) {}

  /** @throws Refusal PARAM_ERROR when there are more than `BULK_COMMANDS_MAX`. */
  async run(commands: readonly Given[]): Promise<readonly BulkAnswer[]> {
    needFitting(commands.length);
    return Promise.all(
      commands.map((command) =>
        this.one.run(command).catch((error: unknown) => this.answerOf(error)),
      ),
    );
  }

  private answerOf(error: unknown): BulkError {
    const answer = bulkErrorOf(error);
    if (answer.code === 'SYSTEM_ERROR') this.onSurprise(error);
    return answer;
  }
}

/** @throws Refusal PARAM_ERROR naming the field `commands`. */
export function needFitting(count: number): void {
  if (count <= BULK_COMMANDS_MAX) return;
  throw new Refusal('PARAM_ERROR', {
    field: 'commands',
    rule: `must have at most ${String(BULK_COMMANDS_MAX)} entries`,
    value: String(count),
    location: 'body',
  });
}

/** What stands at a command's place instead of a result. */
export function bulkErrorOf(error: unknown): BulkError {
  if (error instanceof LedgerUnavailable)
    return errorAnswer('SERVICE_UNAVAILABLE', { rule: error.message });
  if (!(error instanceof Refusal)) return errorAnswer('SYSTEM_ERROR', {});
  const code = PLACED.find((one) => one === error.code);
  return errorAnswer(code ?? 'SYSTEM_ERROR', error.facts);
}

const PLACED = ['COMMAND_CONFLICT', 'PARAM_ERROR', 'NO_AUTH'] as const;

function errorAnswer(code: BulkError['code'], facts: Readonly<Record<string, string>>): BulkError {
  return { outcome: 'error', code, facts: { ...facts } };
}
