import { Refusal } from '@stuiver/errors';
import type { Clock } from '@stuiver/ports';

export interface ReplayBook {
  /** Owes it again from `now` on; false when there is no such notification. */
  oweAgain(id: string, now: Date): Promise<boolean>;
}

/** Sends a notification once more, whatever became of it: delivered, given up or waiting. */
export class ReplayNotification {
  constructor(
    private readonly book: ReplayBook,
    private readonly tools: { clock: Clock; wake: () => void },
  ) {}

  /** @throws Refusal NOT_FOUND */
  async run(id: string): Promise<void> {
    const isKnown = await this.book.oweAgain(id, this.tools.clock.now());
    if (!isKnown) throw new Refusal('NOT_FOUND', { notification_id: id });
    this.tools.wake();
  }
}
