import type { Log } from '@stuiver/ports';
import type { ApproveBatch } from './approve-batch.js';
import type { CloseSettlement } from './close-settlement.js';
import type { ExportBatch } from './export-batch.js';
import type { PayoutStore, SettlementStore } from './ports.js';

/** Finishes what a crash, a missing line or an unreachable ledger left half done. */
export class CarryOn {
  constructor(
    private readonly settlements: SettlementStore,
    private readonly payouts: PayoutStore,
    private readonly log: Log,
    private readonly steps: { close: CloseSettlement; approve: ApproveBatch; export: ExportBatch },
  ) {}

  /** One that cannot go on keeps no other waiting. @throws AggregateError of what went wrong, after all were tried. */
  async run(): Promise<void> {
    const settlements = await this.failuresOf(await this.settlements.unfinished(), async (id) => {
      await this.steps.close.carryOn(id);
    });
    const unfinished = await this.payouts.unfinished();
    const batches = await this.failuresOf(
      unfinished.map(({ id }) => id),
      async (id) => {
        const batch = await this.steps.approve.carryOn(id);
        if (batch.state === 'approved') await this.steps.export.run(id);
      },
    );
    const failures = [...settlements, ...batches];
    if (failures.length > 0) throw new AggregateError(failures, 'payouts cannot go on');
  }

  private async failuresOf(
    ids: readonly string[],
    work: (id: string) => Promise<void>,
  ): Promise<unknown[]> {
    const failures: unknown[] = [];
    for (const id of ids) {
      await work(id).catch((error: unknown) => {
        this.log.error('cannot carry on', { id }, error);
        failures.push(error);
      });
    }
    return failures;
  }
}
