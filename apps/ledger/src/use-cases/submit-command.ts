import type { LedgerCommand, LedgerResult } from '@stuiver/contracts';
import { acceptCommand } from './accept-command.js';
import type { Booking } from './pass-on.js';

/** Books a fact, or decides an ask; once, however often it is submitted. */
export class SubmitCommand {
  constructor(private readonly booking: Booking) {}

  /** @throws as `PostBatch.run`, and Refusal PARAM_ERROR for what cannot be a command. */
  async run(command: LedgerCommand): Promise<LedgerResult> {
    return this.booking.run(acceptCommand(command));
  }
}
