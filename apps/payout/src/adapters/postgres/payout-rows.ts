import type { PayoutSummary } from '@stuiver/console-api';
import { reasonInWords } from '../../domain/payout-states.js';
import type { Payout } from '../../use-cases/ports.js';

export interface PayoutSummaryRow {
  readonly id: string;
  readonly settlement_id: string;
  readonly merchant_id: string;
  readonly batch_id: string;
  readonly state: Payout['state'];
  readonly amount_minor: string;
  readonly end_to_end_id: string;
  readonly payee_iban_last4: string;
  readonly batch_created_at: string | Date;
  readonly reason_code: string | null;
  readonly refusal: string | null;
  readonly bank_status: string | null;
  readonly payee_check: string | null;
}

/** What the consoles show of a payout; as a row or as JSON in another row. */
export const PAYOUT_SUMMARY = `select p.id, p.settlement_id, p.merchant_id, p.batch_id, p.state, p.amount_minor::text, p.end_to_end_id,
  p.payee_iban_last4, b.created_at as batch_created_at, p.reason_code, p.refusal,
  (select a.status from payout.bank_answer a where a.payout_id = p.id and a.status !~ '^(RC|RV)' order by a.id desc limit 1)
    as bank_status,
  (select a.status from payout.bank_answer a where a.payout_id = p.id and a.status ~ '^(RC|RV)' order by a.id desc limit 1)
    as payee_check
  from payout.payout p join payout.batch b on b.id = p.batch_id`;

export function toPayoutSummary(row: PayoutSummaryRow): PayoutSummary {
  return {
    payoutId: row.id,
    settlementId: row.settlement_id,
    merchantId: row.merchant_id,
    batchId: row.batch_id,
    state: row.state,
    amountMinor: row.amount_minor,
    currency: 'EUR',
    endToEndId: row.end_to_end_id,
    ibanLast4: row.payee_iban_last4,
    createdAt: new Date(row.batch_created_at).toISOString(),
    bankStatus: row.bank_status,
    payeeCheck: row.payee_check,
    reasonCode: row.reason_code,
    reason: row.reason_code === null ? row.refusal : reasonInWords(row.reason_code),
  };
}
