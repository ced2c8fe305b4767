import type { LedgerResult } from '@stuiver/contracts';
import { acceptPeriodClose } from './accept-command.js';
import type { PostBatch } from './post-batch.js';

/**
 * Closes a calendar month of Europe/Amsterdam and all before it, for ever: nothing takes effect there any more. Asks for
 * such a time are refused; facts take effect when the books are open again and keep their own time. Closing a month
 * again changes nothing.
 */
export class ClosePeriod {
  constructor(private readonly postBatch: PostBatch) {}

  /**
   * @param month  `2026-10`.
   * @returns refused PERIOD_CLOSED when a later month was closed first.
   * @throws Refusal PARAM_ERROR for a month that is not over; LedgerUnavailable when the outcome is unknown.
   */
  async run(month: string): Promise<LedgerResult> {
    return this.postBatch.run(acceptPeriodClose(month));
  }
}
