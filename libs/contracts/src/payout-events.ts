import { z } from 'zod';
import { agreementChange } from './agreement-events.js';
import { CurrencyField, InstantField, MinorTextField } from './envelope.js';

/** A merchant's claim became final: pending → available, over a range of versions. Key: merchantId. */
export const SettlementClosedV1 = z.strictObject({
  settlementId: z.string(),
  merchantId: z.string(),
  fromVersion: z.string(),
  toVersion: z.string(),
  amountMinor: MinorTextField,
  currency: CurrencyField,
  closedAt: InstantField,
});

/** Two people agreed; the ledger moved available → payout. Key: merchantId. */
export const PayoutApprovedV1 = z.strictObject({
  payoutId: z.string(),
  batchId: z.string(),
  merchantId: z.string(),
  amountMinor: MinorTextField,
  currency: CurrencyField,
  approvedAt: InstantField,
});

/** The payout's line is in a file for the bank. Key: merchantId. */
export const PayoutExportedV1 = z.strictObject({
  payoutId: z.string(),
  batchId: z.string(),
  merchantId: z.string(),
  endToEndId: z.string(),
  amountMinor: MinorTextField,
  currency: CurrencyField,
  fileSha256: z.string(),
  exportedAt: InstantField,
});

/** The bank's statement shows that the payout was paid. Key: merchantId. */
export const PayoutSettledV1 = z.strictObject({
  payoutId: z.string(),
  batchId: z.string(),
  merchantId: z.string(),
  bankLineId: z.string(),
  amountMinor: MinorTextField,
  currency: CurrencyField,
  settledAt: InstantField,
});

/** The bank did not pay it: the money is the merchant's available balance again. Key: merchantId. */
export const PayoutRejectedV1 = z.strictObject({
  payoutId: z.string(),
  batchId: z.string(),
  merchantId: z.string(),
  amountMinor: MinorTextField,
  currency: CurrencyField,
  /** ISO 20022 external status reason, such as AC01. */
  reasonCode: z.string(),
  rejectedAt: InstantField,
});

/** Paid, and it came back: available again. Key: merchantId. */
export const PayoutReturnedV1 = z.strictObject({
  payoutId: z.string(),
  batchId: z.string(),
  merchantId: z.string(),
  bankLineId: z.string(),
  amountMinor: MinorTextField,
  currency: CurrencyField,
  reasonCode: z.string(),
  returnedAt: InstantField,
});

/** Somebody asked that a merchant be paid on another account than until now; its people should know. Key: merchantId. */
export const PayoutPayeeChangeAskedV1 = z.strictObject({
  payeeChangeId: z.string(),
  merchantId: z.string(),
  askedAt: InstantField,
});

/** A payout and its booking in the ledger no longer say the same, or agree again. Key: `agreement:{commandId}`. */
export const PayoutAgreementChangedV1 = z.strictObject(agreementChange);

export const PAYOUT_EVENTS = {
  'settlement.closed.v1': SettlementClosedV1,
  'payout.approved.v1': PayoutApprovedV1,
  'payout.exported.v1': PayoutExportedV1,
  'payout.settled.v1': PayoutSettledV1,
  'payout.rejected.v1': PayoutRejectedV1,
  'payout.returned.v1': PayoutReturnedV1,
  'payout.payee-change-asked.v1': PayoutPayeeChangeAskedV1,
  'payout.agreement-changed.v1': PayoutAgreementChangedV1,
} as const;
