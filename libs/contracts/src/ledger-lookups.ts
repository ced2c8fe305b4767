import { z } from 'zod';
import { CurrencyField, InstantField, SignedMinorTextField } from './envelope.js';
import { VelocityLimitSchema } from './ledger-asks.js';
import { AccountTermsSchema, HoldViewSchema } from './ledger-result.js';

/**
 * `booking`: by when the ledger wrote it down, so what it knew at that moment. `effective`: by when it happened, as
 * the ledger knows it today. Days are those of Europe/Amsterdam.
 */
export const LEDGER_CLOCKS = ['booking', 'effective'] as const;
const ClockField = z.enum(LEDGER_CLOCKS);
export type LedgerClock = z.infer<typeof ClockField>;

/** A calendar day, `YYYY-MM-DD`. */
const DayField = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

export const BalanceAtSchema = z.strictObject({
  account: z.string(),
  currency: CurrencyField,
  normalSide: z.enum(['debit', 'credit']),
  clock: ClockField,
  at: InstantField,
  /** On the normal side, everything at this very moment included. */
  balanceMinor: SignedMinorTextField,
  /** The last version booked by then; null on the effective clock, on which versions have no order. */
  version: z.string().nullable(),
});
export type BalanceAt = Readonly<z.infer<typeof BalanceAtSchema>>;

/** What one account moved on one day. A day without transfers has no summary. */
export const DaySummarySchema = z.strictObject({
  day: DayField,
  debitMinor: z.string(),
  creditMinor: z.string(),
  transfers: z.string(),
  /** The balance at the end of the day, on the normal side. */
  closingMinor: SignedMinorTextField,
});
export type DaySummary = Readonly<z.infer<typeof DaySummarySchema>>;

const AccountBalanceSchema = z.strictObject({
  account: z.string(),
  owner: z.string(),
  currency: CurrencyField,
  normalSide: z.enum(['debit', 'credit']),
  balanceMinor: SignedMinorTextField,
});
export type AccountBalance = Readonly<z.infer<typeof AccountBalanceSchema>>;

/** All debits against all credits at a moment. `accounts` lists the operator's first, and not more than a page. */
export const TrialBalanceAtSchema = z.strictObject({
  clock: ClockField,
  at: InstantField,
  currency: CurrencyField,
  debitMinor: z.string(),
  creditMinor: z.string(),
  differenceMinor: z.string(),
  accounts: z.array(AccountBalanceSchema).readonly(),
});
export type TrialBalanceAt = Readonly<z.infer<typeof TrialBalanceAtSchema>>;

/** What binds an account beside the chart: its terms, and the velocity limits about it by name. */
export const AccountRulesSchema = AccountTermsSchema.extend({
  limits: z.array(z.strictObject({ name: z.string(), limit: VelocityLimitSchema })).readonly(),
});
export type AccountRules = Readonly<z.infer<typeof AccountRulesSchema>>;

/** Open holds by their ids. `next`: what to ask for after; null on the last page. */
export const OpenHoldsPageSchema = z.strictObject({
  holds: z.array(HoldViewSchema).readonly(),
  next: z.string().nullable(),
});
export type OpenHoldsPage = Readonly<z.infer<typeof OpenHoldsPageSchema>>;

/** `next`: what to ask for after; null on the last page. */
export const BalancesPageSchema = z.strictObject({
  balances: z.array(AccountBalanceSchema).readonly(),
  next: z.string().nullable(),
});
export type BalancesPage = Readonly<z.infer<typeof BalancesPageSchema>>;

export const BookedTransferSchema = z.strictObject({
  seq: z.string(),
  commandId: z.string(),
  commandKind: z.string(),
  purpose: z.string(),
  debit: z.string(),
  credit: z.string(),
  amountMinor: z.string(),
  currency: CurrencyField,
  debitVersion: z.string(),
  debitAfterMinor: SignedMinorTextField,
  creditVersion: z.string(),
  creditAfterMinor: SignedMinorTextField,
  batch: z.string(),
  effectiveAt: InstantField,
  /** When it happened, if that was in a month already closed; else null. */
  ownEffectiveAt: InstantField.nullable(),
  bookedAt: InstantField,
});
export type BookedTransfer = Readonly<z.infer<typeof BookedTransferSchema>>;

/** A command as it was given and what became of it. `refusal` is null when it posted. */
export const BookedCommandSchema = z.strictObject({
  id: z.string(),
  kind: z.string(),
  content: z.record(z.string(), z.unknown()),
  batch: z.string(),
  bookedAt: InstantField,
  refusal: z.record(z.string(), z.unknown()).nullable(),
  transfers: z.array(BookedTransferSchema).readonly(),
});
export type BookedCommand = Readonly<z.infer<typeof BookedCommandSchema>>;
