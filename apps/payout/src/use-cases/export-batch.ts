import { invariant, Refusal } from '@stuiver/errors';
import type { Clock, CrashPoints } from '@stuiver/ports';
import { moneyFacts } from './approve-batch.js';
import type { FileShelf, PaymentFile, Payout, PayoutStore } from './ports.js';

/** Writes an approved batch's file for the bank. Again gives the same bytes in the same place. */
export class ExportBatch {
  constructor(
    private readonly store: PayoutStore,
    private readonly tools: {
      clock: Clock;
      crash: CrashPoints;
      file: PaymentFile;
      shelf: FileShelf;
    },
  ) {}

  /** @returns where the file lies. @throws Refusal NOT_FOUND, STATE_CONFLICT when it is not approved. */
  async run(batchId: string): Promise<{ path: string; sha256: string }> {
    const { shelf, crash, clock } = this.tools;
    const { content, sha256, payouts } = await this.write(batchId);
    const path = await shelf.put(batchId, content);
    crash.pass('payout.file-written');
    const at = clock.now();
    await this.store.run(async (writes) => {
      const now = await writes.lockBatch(batchId);
      if (now?.state !== 'approved') return;
      await writes.saveBatch(batchId, 'exported', at);
      await writes.savePayouts(batchId, 'exported');
      for (const payout of payouts) {
        const facts = { ...moneyFacts(payout), endToEndId: payout.endToEndId, fileSha256: sha256 };
        await writes.say({
          type: 'payout.exported.v1',
          subject: payout.merchantId,
          data: { ...facts, exportedAt: at.toISOString() },
        });
      }
      await writes.audit({
        act: 'batch-exported',
        subject: { kind: 'batch', id: batchId },
        before: { state: now.state },
        after: { state: 'exported', fileSha256: sha256 },
      });
    });
    return { path, sha256 };
  }

  /** The bytes for the bank. @throws Refusal NOT_FOUND, STATE_CONFLICT when it is not approved. */
  async content(batchId: string): Promise<string> {
    return (await this.write(batchId)).content;
  }

  private async write(
    batchId: string,
  ): Promise<{ content: string; sha256: string; payouts: readonly Payout[] }> {
    const batch = await this.store.batch(batchId);
    if (batch === undefined) throw new Refusal('NOT_FOUND', { batch: batchId });
    if (!['approved', 'exported'].includes(batch.state)) {
      throw new Refusal('STATE_CONFLICT', { batch: batchId, state: batch.state });
    }
    const payouts = await this.store.payoutsOf(batchId);
    const payees = await this.store.payeesOf(batchId);
    const lines = payouts.map((payout, index) => {
      const payee = payees[index];
      invariant(payee?.merchantId === payout.merchantId, 'a payout knows its payee');
      return { payout, payee };
    });
    const { createdAt, executionDate } = batch;
    const written = this.tools.file.write({ batchId, createdAt, executionDate, lines });
    invariant(written.sha256 === batch.fileSha256, 'what is exported is what was approved');
    return { ...written, payouts };
  }
}
