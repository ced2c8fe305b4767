import { type LedgerPort, LedgerUnavailable } from '@stuiver/contracts';
import { ERROR_CATALOGUE, Refusal } from '@stuiver/errors';
import type { Clock, CrashPoints, Log } from '@stuiver/ports';
import type { CommandBook, Recorded } from './recon-ports.js';

/** So many are asked at once: the ledger books what waits in one batch. */
const COMMANDS_PER_TURN = 50;

/**
 * Tells the ledger what was written down, with the same command however often, and remembers the answer together with
 * what it means: a payout that ended, and the event that says so.
 */
export class BookRecorded {
  constructor(
    private readonly book: CommandBook,
    private readonly ledger: Pick<LedgerPort, 'submit'>,
    private readonly tools: { clock: Clock; crash: CrashPoints; log: Log },
  ) {}

  /** @returns how many were booked. @throws LedgerUnavailable; what was not answered is asked again. */
  async run(): Promise<number> {
    let booked = 0;
    for (;;) {
      const recorded = await this.book.toBook(COMMANDS_PER_TURN);
      if (recorded.length === 0) return booked;
      const answers = await Promise.allSettled(recorded.map((each) => this.submit(each)));
      this.tools.crash.pass('payout.recorded-booked');
      for (const [index, each] of recorded.entries()) {
        const answer = answers[index];
        if (answer?.status === 'rejected') throw answer.reason;
        if (answer?.value === true) await this.book.remember(each, this.tools.clock.now());
        booked += 1;
        this.tools.crash.pass('payout.booking-remembered');
      }
    }
  }

  /** @returns false when it was given up. */
  private async submit(recorded: Recorded): Promise<boolean> {
    const { command, commandId } = recorded;
    try {
      const result = await this.ledger.submit(command);
      if (result.outcome === 'posted') return true;
      await this.giveUp(commandId, `the ledger refused a fact: ${result.code}`);
    } catch (error) {
      if (error instanceof LedgerUnavailable) throw error;
      if (!(error instanceof Refusal) || ERROR_CATALOGUE[error.code].retry !== 'never') throw error;
      await this.giveUp(commandId, `the ledger cannot book it: ${error.code}`, error);
    }
    return false;
  }

  private async giveUp(commandId: string, problem: string, cause?: unknown): Promise<void> {
    this.tools.log.error(problem, { command: commandId }, cause);
    await this.book.giveUp(commandId, problem);
  }
}
