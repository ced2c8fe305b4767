import type { Clock } from '@stuiver/ports';
import type { Block, BlockStore } from './risk-ports.js';

/** Blocks and lets in again, on record with why. Twice is once. */
export class KeepBlocks {
  constructor(
    private readonly store: BlockStore,
    private readonly clock: Clock,
  ) {}

  async block(wanted: Omit<Block, 'blockedAt'>): Promise<void> {
    await this.store.run(async (writes) => {
      const isNew = await writes.insertBlock({ ...wanted, blockedAt: this.clock.now() });
      if (isNew) await writes.audit({ act: 'risk-blocked', ...actOn(wanted) });
    });
  }

  async lift(wanted: Pick<Block, 'kind' | 'value' | 'reason'>): Promise<void> {
    await this.store.run(async (writes) => {
      const was = await writes.deleteBlock(wanted);
      if (was) await writes.audit({ act: 'risk-block-lifted', ...actOn(wanted) });
    });
  }
}

function actOn({ kind, value, reason }: Pick<Block, 'kind' | 'value' | 'reason'>) {
  return { subject: { kind: 'risk-block', id: `${kind}:${value}` }, reason } as const;
}
