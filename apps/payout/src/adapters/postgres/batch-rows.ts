import { type Currency, Money } from '@stuiver/money';
import type { Batch, Payout } from '../../use-cases/ports.js';

export interface BatchRow {
  readonly id: string;
  readonly state: Batch['state'];
  readonly maker: string;
  readonly checker: string | null;
  readonly maker_name: string | null;
  readonly checker_name: string | null;
  readonly file_sha256: string;
  readonly execution_day: string;
  readonly created_at: Date;
}

export interface PayoutRow {
  readonly id: string;
  readonly settlement_id: string;
  readonly merchant_id: string;
  readonly batch_id: string;
  readonly state: Payout['state'];
  readonly amount_minor: string;
  readonly currency: Currency;
  readonly end_to_end_id: string;
  readonly remittance: string;
}

export function toBatch(row: BatchRow): Batch {
  return {
    id: row.id,
    state: row.state,
    maker: row.maker,
    checker: row.checker,
    makerName: row.maker_name,
    checkerName: row.checker_name,
    fileSha256: row.file_sha256,
    executionDate: row.execution_day,
    createdAt: row.created_at,
  };
}

export function toPayout(row: PayoutRow): Payout {
  return {
    id: row.id,
    settlementId: row.settlement_id,
    merchantId: row.merchant_id,
    batchId: row.batch_id,
    state: row.state,
    amount: Money.ofMinor(BigInt(row.amount_minor), row.currency),
    endToEndId: row.end_to_end_id,
    remittance: row.remittance,
  };
}
