import { Refusal } from '@stuiver/errors';
import type { Clock } from '@stuiver/ports';
import type { PayoutStore } from './ports.js';

/** Gives up a batch that nobody approved: its settlements are free for the next one. Safe to repeat. */
export class DiscardBatch {
  constructor(
    private readonly store: PayoutStore,
    private readonly clock: Clock,
  ) {}

  /** @throws Refusal NOT_FOUND; STATE_CONFLICT when it was approved: its money may have moved. */
  async run(batchId: string): Promise<void> {
    const at = this.clock.now();
    await this.store.run(async (writes) => {
      const batch = await writes.lockBatch(batchId);
      if (batch === undefined) throw new Refusal('NOT_FOUND', { batch: batchId });
      if (batch.state === 'discarded') return;
      if (batch.state !== 'prepared') {
        throw new Refusal('STATE_CONFLICT', {
          rule: 'only a prepared batch can be discarded',
          state: batch.state,
        });
      }
      await writes.saveBatch(batchId, 'discarded', at);
      await writes.savePayouts(batchId, 'refused', 'its batch was discarded');
      await writes.audit({
        act: 'batch-discarded',
        subject: { kind: 'batch', id: batchId },
        before: { state: batch.state },
        after: { state: 'discarded' },
      });
    });
  }
}
