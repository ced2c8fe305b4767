import { Refusal } from '@stuiver/errors';
import type { ApproveBatch } from './approve-batch.js';
import type { CloseSettlement } from './close-settlement.js';
import type { ExportBatch } from './export-batch.js';
import type { PrepareBatch } from './prepare-batch.js';
import type { Batch, Payout, PayoutStore, Settlement, SettlementStore } from './ports.js';

/** How long the last lines of a settlement may be on their way from the ledger. */
const LINES_MS_MAX = 10_000;
const LOOK_AGAIN_MS = 50;

export interface PayoutRun {
  readonly settlements: readonly Settlement[];
  readonly batch: Batch;
  readonly payouts: readonly Payout[];
  readonly file: { readonly path: string; readonly sha256: string };
}

/**
 * Closes every merchant's settlement, pays all of it out and writes the bank's file, in one go: what a visitor sees on
 * day one. Maker and checker are still two. Running it again pays nothing twice.
 */
export class RunPayouts {
  constructor(
    private readonly settlements: SettlementStore,
    private readonly payouts: PayoutStore,
    private readonly steps: {
      close: CloseSettlement;
      prepare: PrepareBatch;
      approve: ApproveBatch;
      export: ExportBatch;
    },
  ) {}

  /** @throws Refusal NOTHING_TO_SETTLE, SAME_PERSON. */
  async run(request: { maker: string; checker: string }): Promise<PayoutRun> {
    const { maker, checker } = request;
    if (maker.toLowerCase() === checker.toLowerCase()) {
      throw new Refusal('SAME_PERSON', { rule: 'the maker of a batch may not approve it' });
    }
    const settlements = [];
    for (const merchantId of await this.settlements.merchantsToSettle()) {
      settlements.push(await this.settle(merchantId));
    }
    const prepared = await this.steps.prepare.run({ maker });
    const batch = await this.steps.approve.run({
      batchId: prepared.id,
      checker,
      fileSha256: prepared.fileSha256,
    });
    if (batch.state === 'refused') {
      throw new Refusal('STATE_CONFLICT', { batch: batch.id, state: batch.state });
    }
    const file = await this.steps.export.run(batch.id);
    const payouts = await this.payouts.payoutsOf(batch.id);
    return { settlements, batch: (await this.payouts.batch(batch.id)) ?? batch, payouts, file };
  }

  /** Waits for lines that are on their way: they come within milliseconds of their booking. */
  private async settle(merchantId: string): Promise<Settlement> {
    let settlement = await this.steps.close.begin(merchantId);
    const deadline = performance.now() + LINES_MS_MAX;
    while (settlement.state === 'posted' && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      settlement = await this.steps.close.carryOn(settlement.id);
    }
    return settlement;
  }
}
