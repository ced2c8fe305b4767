import type { BulkAnswer, JournalEntry, LedgerCommand, LedgerPort } from '@stuiver/contracts';
import { commandIdOf } from '@stuiver/ids';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Books entries of another journal, or opening balances, in the order given: each whole or not at all, and once for its
 * id, so the same entries again change nothing. An entry that was exported here has its command's id: brought back to
 * the same books it is a conflict and not a second booking.
 */
export class ImportJournal {
  constructor(private readonly ledger: Pick<LedgerPort, 'submitAll'>) {}

  /** @throws Refusal PARAM_ERROR when there are more than a bulk takes. */
  run(entries: readonly JournalEntry[]): Promise<readonly BulkAnswer[]> {
    return this.ledger.submitAll(entries.map(toCommand));
  }
}

function toCommand({ id, effectiveAt, currency, transfers }: JournalEntry): LedgerCommand {
  return {
    kind: 'transfer-chain',
    id: UUID.test(id) ? id.toLowerCase() : commandIdOf('journal', id),
    effectiveAt,
    currency,
    steps: transfers.map((transfer) => ({ do: 'transfer', take: 'exactly', ...transfer })),
  };
}
