import type { Batch, Payout } from '../../use-cases/ports.js';
import type { Held } from '../../use-cases/prepare-batch.js';
import type { PayoutRun } from '../../use-cases/run-payouts.js';
import type { ListedBatch } from '../postgres/payouts.js';

export function presentBatch(batch: Batch, payouts: readonly Payout[]): object {
  return { ...batchFacts(batch), payouts: payouts.map(presentPayout) };
}

/** A batch in a list: how many payouts and how much, not each of them. */
export function presentListedBatch(batch: ListedBatch): object {
  return {
    ...batchFacts(batch),
    payout_count: Number(batch.payoutCount),
    amount_minor: batch.total.minor.toString(),
    currency: batch.total.currency,
  };
}

export function presentHeld(held: readonly Held[]): object[] {
  return held.map(({ settlementId, merchantId, amount, reason }) => ({
    settlement_id: settlementId,
    merchant_id: merchantId,
    state: 'held',
    amount_minor: amount.minor.toString(),
    reason,
  }));
}

export function presentRun(run: PayoutRun): object {
  const { settlements, paid, held } = run;
  return {
    settlements: settlements.map((settlement) => ({
      id: settlement.id,
      merchant_id: settlement.merchantId,
      state: settlement.state,
      amount_minor: settlement.amount?.minor.toString() ?? '0',
    })),
    batch: paid === null ? null : presentBatch(paid.batch, paid.payouts),
    payouts: paid === null ? [] : paid.payouts.map(presentPayout),
    held: presentHeld(held),
    file: paid === null ? null : { path: paid.file.path, sha256: paid.file.sha256 },
    message: messageOf(run),
  };
}

/** One line for a person. */
function messageOf({ paid, held }: PayoutRun): string {
  const waiting =
    held.length === 0 ? '' : ` Held back: ${String(held.length)} settlement(s), see the reasons.`;
  if (paid === null) {
    return held.length === 0
      ? 'Nothing to settle: no merchant has anything to be paid out.'
      : `Nothing is paid out.${waiting}`;
  }
  const left = paid.wasLeft
    ? ' An earlier run had prepared it: run again for what was settled since.'
    : '';
  return `${String(paid.payouts.length)} payout(s) given to the bank in ${paid.file.path}.${left}${waiting}`;
}

function batchFacts(batch: Batch): object {
  return {
    id: batch.id,
    state: batch.state,
    maker: batch.maker,
    checker: batch.checker,
    file_sha256: batch.fileSha256,
    execution_date: batch.executionDate,
  };
}

function presentPayout(payout: Payout): object {
  return {
    id: payout.id,
    merchant_id: payout.merchantId,
    settlement_id: payout.settlementId,
    state: payout.state,
    amount_minor: payout.amount.minor.toString(),
    currency: payout.amount.currency,
    end_to_end_id: payout.endToEndId,
  };
}
