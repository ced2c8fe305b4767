import type { LedgerCommand, LedgerResult } from '@stuiver/contracts';
import { acceptCommand } from './accept-command.js';
import type { PostBatch } from './post-batch.js';

/** Books a fact, or decides an ask; once, however often it is submitted. */
export class SubmitCommand {
  constructor(private readonly postBatch: PostBatch) {}

  /** @throws as `PostBatch.run`, and Refusal PARAM_ERROR for what cannot be a command. */
  async run(command: LedgerCommand): Promise<LedgerResult> {
    return this.postBatch.run(acceptCommand(command));
  }
}
