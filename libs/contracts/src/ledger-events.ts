import { z } from 'zod';
import {
  CurrencyField,
  InstantField,
  SignedMinorTextField,
  TotalMinorTextField,
} from './envelope.js';

/**
 * One side of one transfer, told to the owner of that side's account. Said for customers' accounts (users and
 * merchants). `version` counts the account's entries without a gap, so a consumer can prove that it missed nothing.
 * Key: owner (`merchant:1900000001`, `user:usr_…`).
 */
export const LedgerTransferPostedV1 = z.strictObject({
  seq: z.string(),
  owner: z.string(),
  account: z.string(),
  side: z.enum(['debit', 'credit']),
  version: z.string(),
  amountMinor: TotalMinorTextField,
  balanceAfterMinor: SignedMinorTextField,
  currency: CurrencyField,
  counterAccount: z.string(),
  commandId: z.string(),
  commandKind: z.string(),
  /** Which posting rule line made the transfer: `gross`, `fee`, `refund`, `close`, `payout`, … */
  purpose: z.string(),
  orderId: z.string().nullable(),
  attemptId: z.string().nullable(),
  refundId: z.string().nullable(),
  settlementId: z.string().nullable(),
  payoutId: z.string().nullable(),
  effectiveAt: InstantField,
  bookedAt: InstantField,
});
export type LedgerTransferPosted = z.infer<typeof LedgerTransferPostedV1>;

/**
 * A watch over the books found something wrong, or found it well again. `change` counts the changes of this watch.
 * Key: `watch:{name}`.
 */
export const LedgerWatchChangedV1 = z.strictObject({
  /** `trial-balance`, `safeguarding`, or `clearing-{kind}`: money that should have passed on. */
  watch: z.string(),
  state: z.enum(['well', 'alarm']),
  change: z.string(),
  /** Its figures: amounts as text of minor units, ages in whole days. */
  detail: z.record(z.string(), z.string()),
  at: InstantField,
});

export const LEDGER_EVENTS = {
  'ledger.transfer-posted.v1': LedgerTransferPostedV1,
  'ledger.watch-changed.v1': LedgerWatchChangedV1,
} as const;
