import { Refusal } from '@stuiver/errors';
import type { Clock } from '@stuiver/ports';
import { isSamePerson } from '../domain/person.js';
import { whyNotSettled } from '../domain/settlement-terms.js';
import { amsterdamDay, isTooLateFor } from '../domain/t2-calendar.js';
import type { ApproveBatch } from './approve-batch.js';
import type { CloseSettlement } from './close-settlement.js';
import type { DiscardBatch } from './discard-batch.js';
import type { ExportBatch } from './export-batch.js';
import type { Held, PrepareBatch, Prepared } from './prepare-batch.js';
import type { Batch, Payout, PayoutStore, Settlement, SettlementStore } from './ports.js';

/** How long the last lines of a settlement may be on their way from the ledger. */
const LINES_MS_MAX = 10_000;
const LOOK_AGAIN_MS = 50;

export interface PayoutRun {
  readonly settlements: readonly Settlement[];
  /** What was paid out; null when nothing could be. */
  readonly paid: {
    readonly batch: Batch;
    readonly payouts: readonly Payout[];
    readonly file: { readonly path: string; readonly sha256: string };
    /** An earlier run prepared it and died; what was settled since is for the next run. */
    readonly wasLeft: boolean;
  } | null;
  readonly held: readonly Held[];
}

/**
 * Closes every merchant's settlement, pays all of it out and writes the bank's file, in one go: what a visitor sees on
 * day one. Maker and checker are still two. Running it again pays nothing twice, and finishes what a run that died left
 * prepared.
 */
export class RunPayouts {
  constructor(
    private readonly settlements: SettlementStore,
    private readonly payouts: PayoutStore,
    private readonly clock: Clock,
    private readonly steps: {
      close: CloseSettlement;
      prepare: PrepareBatch;
      discard: DiscardBatch;
      approve: ApproveBatch;
      export: ExportBatch;
    },
  ) {}

  /**
   * @throws Refusal SAME_PERSON; STATE_CONFLICT when the ledger refused a payout of the batch, or when it needs a second
   *   checker.
   */
  async run(request: { maker: string; checker: string }): Promise<PayoutRun> {
    const { maker, checker } = request;
    if (isSamePerson(maker, checker)) {
      throw new Refusal('SAME_PERSON', { rule: 'the maker of a batch may not approve it' });
    }
    const settlements = await this.settleAll();
    if (!this.steps.prepare.isOffered) return { settlements, paid: null, held: [] };
    const left = await this.leftBy(maker);
    const prepared: Prepared =
      left === undefined ? await this.steps.prepare.run({ maker }) : { batch: left, held: [] };
    const { batch, held } = prepared;
    if (batch === null) return { settlements, paid: null, held };
    const paid = await this.payOut(batch, checker);
    return { settlements, paid: { ...paid, wasLeft: left !== undefined }, held };
  }

  /**
   * Closes the settlement of every merchant whose turn it is by their terms: what is booked by now becomes theirs for
   * good. Safe to repeat.
   */
  async settleAll(): Promise<readonly Settlement[]> {
    const today = amsterdamDay(this.clock.now());
    const settlements = [];
    let after: string | null = null;
    for (;;) {
      const page = await this.settlements.unsettled(after);
      for (const account of page) {
        if (whyNotSettled(account.terms, account, today) !== undefined) continue;
        settlements.push(await this.settle(account.merchantId));
      }
      const last = page.at(-1);
      if (last === undefined) return settlements;
      after = last.merchantId;
    }
  }

  /** The maker's own batch that nobody approved yet. One that is too late for its day is given up. */
  private async leftBy(maker: string): Promise<Batch | undefined> {
    const batch = await this.payouts.preparedBy(maker);
    if (batch === undefined) return undefined;
    if (!isTooLateFor(batch.executionDate, this.clock.now())) return batch;
    await this.steps.discard.run(batch.id);
    return this.leftBy(maker);
  }

  private async payOut(
    prepared: Batch,
    checker: string,
  ): Promise<Omit<NonNullable<PayoutRun['paid']>, 'wasLeft'>> {
    const { id, fileSha256 } = prepared;
    const batch = await this.steps.approve.run({ batchId: id, checker, fileSha256 });
    if (batch.state === 'refused') {
      throw new Refusal('STATE_CONFLICT', {
        rule: 'the ledger refused a payout, and the batch’s settlements are free again: run anew',
        batch: id,
      });
    }
    if (batch.state === 'prepared') {
      throw new Refusal('STATE_CONFLICT', {
        rule: 'a batch of this amount needs a second checker: let another person approve it',
        why: 'second-checker-needed',
        batch: id,
      });
    }
    const file = await this.steps.export.run(id);
    const payouts = await this.payouts.payoutsOf(id);
    return { batch: (await this.payouts.batch(id)) ?? batch, payouts, file };
  }

  /** Whatever the terms say: somebody asked. Waits for lines that are on their way, milliseconds after their booking. */
  async settle(merchantId: string): Promise<Settlement> {
    let settlement = await this.steps.close.begin(merchantId);
    const deadline = performance.now() + LINES_MS_MAX;
    while (settlement.state === 'posted' && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      settlement = await this.steps.close.carryOn(settlement.id);
    }
    return settlement;
  }
}
