import type { Batch, Payout } from '../../use-cases/ports.js';
import type { PayoutRun } from '../../use-cases/run-payouts.js';

export function presentBatch(batch: Batch, payouts: readonly Payout[]): object {
  return {
    id: batch.id,
    state: batch.state,
    maker: batch.maker,
    checker: batch.checker,
    file_sha256: batch.fileSha256,
    execution_date: batch.executionDate,
    payouts: payouts.map((payout) => ({
      id: payout.id,
      merchant_id: payout.merchantId,
      settlement_id: payout.settlementId,
      state: payout.state,
      amount_minor: payout.amount.minor.toString(),
      currency: payout.amount.currency,
      end_to_end_id: payout.endToEndId,
    })),
  };
}

export function presentRun(run: PayoutRun): object {
  return {
    settlements: run.settlements.map((settlement) => ({
      id: settlement.id,
      merchant_id: settlement.merchantId,
      state: settlement.state,
      amount_minor: settlement.amount?.minor.toString() ?? '0',
    })),
    batch: presentBatch(run.batch, run.payouts),
    file: { path: run.file.path, sha256: run.file.sha256 },
  };
}
