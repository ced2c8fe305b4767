import type { ApproveBatch } from './approve-batch.js';
import type { CloseSettlement } from './close-settlement.js';
import type { ExportBatch } from './export-batch.js';
import type { PayoutStore, SettlementStore } from './ports.js';

/** Finishes what a crash, a missing line or an unreachable ledger left half done. */
export class CarryOn {
  constructor(
    private readonly settlements: SettlementStore,
    private readonly payouts: PayoutStore,
    private readonly steps: { close: CloseSettlement; approve: ApproveBatch; export: ExportBatch },
  ) {}

  async run(): Promise<void> {
    for (const id of await this.settlements.unfinished()) await this.steps.close.carryOn(id);
    for (const { id } of await this.payouts.unfinished()) {
      const batch = await this.steps.approve.carryOn(id);
      if (batch.state === 'approved') await this.steps.export.run(id);
    }
  }
}
