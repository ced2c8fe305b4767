import type { BatchApproval, BatchDetail } from '@stuiver/console-api';
import type { Clock } from '@stuiver/ports';
import { isSamePerson } from '../../domain/person.js';
import type { BankFunds } from '../../use-cases/bank-funds.js';
import type { Approval, PayoutStore } from '../../use-cases/ports.js';

/** Who agreed to a batch, as the page shows it. */
export class BatchApprovals {
  constructor(
    private readonly store: Pick<PayoutStore, 'consentTo'>,
    private readonly funds: BankFunds,
    private readonly clock: Clock,
  ) {}

  /** @throws LedgerUnavailable. */
  async of(
    batchId: string,
    readerId: string,
  ): Promise<{
    approvals: readonly BatchApproval[];
    needed: number;
    /** The reader is one of them. */
    isGiven: boolean;
    prefunding: Pick<BatchDetail['prefunding'], 'missingMinor' | 'approvedBy'>;
  }> {
    const consent = await this.store.consentTo(batchId, this.clock.now());
    const missing = await this.funds.missingFor(batchId);
    const { standing, needed, prefunding } = consent;
    return {
      approvals: standing.map(toApproval),
      needed,
      isGiven: standing.some(({ checker }) => isSamePerson(checker, readerId)),
      prefunding: {
        missingMinor: String(missing.minor),
        approvedBy: prefunding === null ? null : nameOf(prefunding),
      },
    };
  }
}

function toApproval(approval: Approval): BatchApproval {
  return {
    name: nameOf(approval),
    givenAt: approval.givenAt.toISOString(),
    expiresAt: approval.expiresAt.toISOString(),
  };
}

function nameOf({ checker, checkerName }: Approval): string {
  return checkerName ?? checker;
}
