import type { LedgerCommand } from './ledger-commands.js';

/** One posted transfer as its command's answer tells it. Amounts in minor units, as text. */
export interface PostedTransfer {
  readonly seq: string;
  readonly purpose: string;
  readonly debit: string;
  readonly credit: string;
  readonly amountMinor: string;
  readonly currency: 'EUR';
  readonly debitVersion: string;
  readonly creditVersion: string;
  /** Balances after this transfer, counted on each account's normal side (a liability's is its credit side). */
  readonly debitAfterMinor: string;
  readonly creditAfterMinor: string;
}

/** Why an ask was refused. `FLOOR`: the account would fall below its floor by `shortfallMinor`. */
export type LedgerRefusalCode =
  'FLOOR' | 'NOTHING_TO_MOVE' | 'VOIDED' | 'ACCOUNT_CLOSED' | 'ACCOUNT_FROZEN';

export type LedgerResult =
  | {
      readonly outcome: 'posted';
      readonly commandId: string;
      readonly batch: string;
      readonly bookedAt: string;
      readonly transfers: readonly PostedTransfer[];
    }
  | {
      readonly outcome: 'refused';
      readonly commandId: string;
      readonly batch: string;
      readonly bookedAt: string;
      readonly code: LedgerRefusalCode;
      readonly account: string | null;
      readonly limitMinor: string | null;
      readonly shortfallMinor: string | null;
    };

export interface AccountView {
  readonly account: string;
  readonly currency: 'EUR';
  readonly normalSide: 'debit' | 'credit';
  /** On the normal side; below zero only where the chart allows it. */
  readonly balanceMinor: string;
  readonly heldMinor: string;
  readonly version: string;
}

export interface StatementLine {
  readonly version: string;
  readonly seq: string;
  readonly side: 'debit' | 'credit';
  readonly amountMinor: string;
  readonly balanceAfterMinor: string;
  readonly counterAccount: string;
  readonly purpose: string;
  readonly commandId: string;
  readonly commandKind: string;
  readonly effectiveAt: string;
  readonly bookedAt: string;
}

export interface TrialBalance {
  readonly currency: 'EUR';
  readonly debitMinor: string;
  readonly creditMinor: string;
  /** Debits minus credits: zero, or someone is woken. */
  readonly differenceMinor: string;
  readonly accounts: readonly AccountView[];
}

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
