import type { LedgerResult } from '@stuiver/contracts';
import { acceptVoid } from './accept-command.js';
import type { Booking } from './pass-on.js';

/**
 * Makes sure that a command never posts, or learns that it did. "Not found" would prove nothing, as the command may be
 * on its way; a stored refusal under its id does.
 */
export class VoidCommand {
  constructor(private readonly booking: Booking) {}

  /** @throws Refusal PARAM_ERROR when the id is not a UUID; LedgerUnavailable when the outcome is unknown. */
  async run(commandId: string): Promise<LedgerResult> {
    return this.booking.run(acceptVoid(commandId));
  }
}
