import { Refusal } from '@stuiver/errors';
import type { Clock } from '@stuiver/ports';
import { isSamePerson } from '../domain/person.js';
import type { BankFunds } from './bank-funds.js';
import type { PayoutStore, Person } from './ports.js';

/** Somebody of finance other than its maker agrees that this batch goes out before the paying account has the money. */
export class ApprovePrefunding {
  constructor(
    private readonly store: PayoutStore,
    private readonly funds: BankFunds,
    private readonly clock: Clock,
  ) {}

  /**
   * Safe to repeat. It agrees to nothing else: the batch is approved as ever.
   * @throws Refusal NOT_FOUND; SAME_PERSON; PARAM_ERROR for another file; STATE_CONFLICT when it is not prepared;
   *   LedgerUnavailable.
   */
  async run(request: { batchId: string; fileSha256: string; by: Person }): Promise<void> {
    const { batchId, fileSha256, by } = request;
    const missing = await this.funds.shortfallOf(batchId);
    const at = this.clock.now();
    await this.store.run(async (writes) => {
      const batch = await writes.lockBatch(batchId);
      if (batch === undefined) throw new Refusal('NOT_FOUND', { batch: batchId });
      if (batch.fileSha256 !== fileSha256) {
        const rule = 'is not this batch’s file';
        throw new Refusal('PARAM_ERROR', { field: 'fileSha256', rule, why: 'other-file' });
      }
      if (isSamePerson(batch.maker, by.id)) {
        const rule = 'the maker of a batch may not approve its prefunding';
        throw new Refusal('SAME_PERSON', { rule, why: 'maker-may-not-approve' });
      }
      if (batch.state !== 'prepared') {
        throw new Refusal('STATE_CONFLICT', { batch: batchId, state: batch.state });
      }
      const { prefunding } = await writes.consentTo(batchId, at);
      if (prefunding !== null) return;
      await writes.saveApproval({ what: 'prefunding', batchId, hash: fileSha256, by, at });
      await writes.audit({
        act: 'prefunding-approved',
        subject: { kind: 'batch', id: batchId },
        after: { fileSha256, missingMinor: String(missing.minor) },
      });
    });
  }
}
