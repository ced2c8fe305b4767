import { Refusal } from '@stuiver/errors';
import type { Clock, CrashPoints } from '@stuiver/ports';
import { arrivalUndone, suspenseOf } from './intents.js';
import type { Intent, LineStore, UndoneMatch } from './recon-ports.js';

export interface MatchHistory {
  /**
   * The match goes on record, the line is open, and what the books must be told is written down: once for this round.
   *
   * @throws Refusal STATE_CONFLICT.
   */
  takeBack(undo: {
    lineId: string;
    by: { readonly id: string; readonly name: string };
    reason: string;
    at: Date;
    round: number;
    intents: (match: UndoneMatch) => readonly Intent[];
  }): Promise<void>;
}

/**
 * A person takes back what a line was said to be. What was booked is booked the other way round, the amount is unplaced
 * again, and no rule places the line anew: the next match is a person's.
 */
export class UnmatchBankLine {
  constructor(
    private readonly lines: Pick<LineStore, 'find'>,
    private readonly history: MatchHistory,
    private readonly tools: { clock: Clock; crash: CrashPoints; wake: () => void },
  ) {}

  /**
   * @param request.reason  why, in the person's words; kept with the match for ever.
   * @throws Refusal NOT_FOUND; STATE_CONFLICT when the line is not matched, when it paid a merchant, or when the bank
   *   has taken the same payout of the PSP back since.
   */
  async run(request: {
    lineId: string;
    by: { readonly id: string; readonly name: string };
    reason: string;
  }): Promise<void> {
    const { lineId, by, reason } = request;
    const line = await this.lines.find(lineId);
    if (line === undefined) throw new Refusal('NOT_FOUND', { line: lineId });
    await this.history.takeBack({
      ...{ lineId, by, reason, at: this.tools.clock.now(), round: line.round },
      intents: (match) => [
        suspenseOf({ ...line, round: line.round + 1 }, 'bank-line-unplaced'),
        arrivalUndone(line, match),
      ],
    });
    this.tools.crash.pass('payout.line-unmatched');
    this.tools.wake();
  }
}
