import { z } from 'zod';
import {
  CurrencyField,
  InstantField,
  SignedMinorTextField,
  TotalMinorTextField,
} from './envelope.js';
import type { BulkAnswer } from './ledger-bulk.js';
import type { LedgerCommand } from './ledger-commands.js';
import type { LedgerResult } from './ledger-result.js';

const SideField = z.enum(['debit', 'credit']);

export const AccountViewSchema = z.strictObject({
  account: z.string(),
  currency: CurrencyField,
  normalSide: SideField,
  /** On the normal side; below zero only where the chart allows it. */
  balanceMinor: SignedMinorTextField,
  heldMinor: SignedMinorTextField,
  version: z.string(),
});
export type AccountView = Readonly<z.infer<typeof AccountViewSchema>>;

export const StatementLineSchema = z.strictObject({
  version: z.string(),
  seq: z.string(),
  side: SideField,
  amountMinor: TotalMinorTextField,
  balanceAfterMinor: SignedMinorTextField,
  counterAccount: z.string(),
  purpose: z.string(),
  commandId: z.string(),
  commandKind: z.string(),
  effectiveAt: InstantField,
  /** When it happened, if that was in a month already closed; else null. */
  ownEffectiveAt: InstantField.nullable(),
  bookedAt: InstantField,
});
export type StatementLine = Readonly<z.infer<typeof StatementLineSchema>>;

export const TrialBalanceSchema = z.strictObject({
  currency: CurrencyField,
  debitMinor: SignedMinorTextField,
  creditMinor: SignedMinorTextField,
  /** Debits minus credits: zero, or someone is woken. */
  differenceMinor: SignedMinorTextField,
  accounts: z.array(AccountViewSchema).readonly(),
});
export type TrialBalance = Readonly<z.infer<typeof TrialBalanceSchema>>;

/** The answer did not come: the command may or may not be booked. Submit the same command again, or void its id. */
export class LedgerUnavailable extends Error {
  override readonly name = 'LedgerUnavailable';
}

/**
 * The only way to the ledger. In one process it is the ledger's own use case; across processes it is HTTP.
 *
 * @throws LedgerUnavailable when the outcome is unknown; Refusal COMMAND_CONFLICT for a used id with other content.
 */
export interface LedgerPort {
  submit(command: LedgerCommand): Promise<LedgerResult>;
  /**
   * Up to `BULK_COMMANDS_MAX` commands, each on its own: decided in the order given, idempotent by its own id, answered
   * at its own place. What stops one stops no other.
   *
   * @throws Refusal PARAM_ERROR when there are more.
   */
  submitAll(commands: readonly LedgerCommand[]): Promise<readonly BulkAnswer[]>;
  /** Stores a refusal under an id that was never used, or returns what the id already led to. */
  void(commandId: string): Promise<LedgerResult>;
  /** Null when nothing was ever booked on it. */
  account(account: string): Promise<AccountView | null>;
  statement(
    account: string,
    page: { afterVersion: string; limit: number },
  ): Promise<readonly StatementLine[]>;
  trialBalance(): Promise<TrialBalance>;
}
