import type { Clock, CrashPoints } from '@stuiver/ports';
import { rejectionOf } from './intents.js';
import type { BookRecorded } from './book-recorded.js';
import type { CommandBook } from './recon-ports.js';

/** The bank answered that it does not pay a payout: its money is the merchant's available balance again. */
export class RejectPayout {
  constructor(
    private readonly book: CommandBook,
    private readonly bookRecorded: BookRecorded,
    private readonly tools: { clock: Clock; crash: CrashPoints },
  ) {}

  /**
   * @param request.code  the bank's reason, such as `AC01`.
   * @throws Refusal NOT_FOUND; STATE_CONFLICT when the payout is not with the bank, or is recorded as paid;
   *   LedgerUnavailable when it is recorded and not booked yet.
   */
  async run(request: { payoutId: string; code: string }): Promise<void> {
    const { payoutId, code } = request;
    const at = this.tools.clock.now();
    await this.book.recordRejection(payoutId, (payout) => rejectionOf(payout, code, at), at);
    this.tools.crash.pass('payout.rejection-recorded');
    await this.bookRecorded.run();
  }
}
