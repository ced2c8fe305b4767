import type { Currency } from '@stuiver/money';
import type { AccountCondition } from './chart-of-accounts.js';
import type { Side } from './side.js';
import type { VelocityWindow } from './velocity.js';

/*
 * What the ledger can be told or asked: business facts, never accounts. The same shapes as in the contract that
 * travels, declared here so that the rules depend on nothing outside. Amounts are text of whole minor units.
 */

export type FundsAccount =
  | { readonly kind: 'wallet'; readonly userId: string }
  /** `account`: the merchant whose connected account it is; null for the platform's own balance. */
  | { readonly kind: 'psp'; readonly psp: string; readonly account: string | null };

interface Common<Kind extends string> {
  readonly kind: Kind;
  readonly id: string;
  readonly effectiveAt: string;
  readonly currency: Currency;
  /** A salted hash of what the caller knows beside it, as hex: sealed with the command, and never looked into. */
  readonly metadataSha256?: string | undefined;
  readonly contentSalt?: string | undefined;
}

interface Amount {
  readonly amountMinor: string;
}

/** Names whose velocity limits a command counts towards, beside those of the accounts it moves. */
type Subjects = readonly string[] | undefined;

interface OfMerchant {
  readonly merchantId: string;
}

export interface PaymentCommand extends Common<'payment'>, Amount, OfMerchant {
  readonly funds: FundsAccount;
  readonly feeMinor: string;
  readonly subjects?: Subjects;
}

export interface LatePaymentCommand extends Common<'late-payment'>, Amount, OfMerchant {
  readonly psp: string;
  readonly account: string | null;
  readonly applicationFeeMinor: string;
}

export interface RefundRequestCommand extends Common<'refund-request'>, Amount, OfMerchant {
  readonly from: 'merchant' | 'late-payment';
}

export interface RefundSuccessCommand extends Common<'refund-success'>, Amount, OfMerchant {
  readonly to: FundsAccount;
  readonly feeBackMinor: string;
}

export interface RefundReturnCommand extends Common<'refund-return'>, Amount, OfMerchant {
  readonly to: FundsAccount;
}

interface Disputed extends Amount {
  /** Null: nobody's of ours. */
  readonly merchantId: string | null;
  readonly psp: string;
}

export type DisputeWithdrawalCommand = Common<'dispute-withdrawal'> & Disputed;

export type DisputeReturnCommand = Common<'dispute-return'> & Disputed;

export interface TopUpCommand extends Common<'top-up'>, Amount {
  readonly userId: string;
  readonly psp: string;
}

export type SettlementCloseCommand = Common<'settlement-close'> & OfMerchant;

export type PayoutApproveCommand = Common<'payout-approve'> & Amount & OfMerchant;

export interface PayoutSettleCommand extends Common<'payout-settle'>, Amount, OfMerchant {
  readonly bank: string;
}

export interface PayoutReturnCommand extends Common<'payout-return'>, Amount, OfMerchant {
  readonly bank: string;
  readonly afterSettlement: boolean;
}

interface PspTransaction {
  readonly psp: string;
}

export interface PspFeeCommand extends Common<'psp-fee'>, Amount, PspTransaction {
  readonly back: boolean;
}

export type PspPayoutCommand = Common<'psp-payout'> & Amount & PspTransaction;

export type PspPayoutFailureCommand = Common<'psp-payout-failure'> & Amount & PspTransaction;

export type PspMerchantPayoutCommand = Common<'psp-merchant-payout'> &
  Amount &
  OfMerchant &
  PspTransaction;

export type PspMerchantPayoutFailureCommand = Common<'psp-merchant-payout-failure'> &
  Amount &
  OfMerchant &
  PspTransaction;

export interface PspPayoutArrivalCommand
  extends Common<'psp-payout-arrival'>, Amount, PspTransaction {
  readonly bank: string;
  /** It arrived before, and was taken from our account again. */
  readonly back?: true | undefined;
}

interface BankLine extends Amount {
  readonly bank: string;
  readonly direction: 'in' | 'out';
}

export type BankLineUnplacedCommand = Common<'bank-line-unplaced'> & BankLine;

export type BankLinePlacedCommand = Common<'bank-line-placed'> & BankLine;

export type BankLineWrittenOffCommand = Common<'bank-line-written-off'> &
  Amount & { readonly reason: string; readonly direction: 'in' | 'out' };

export type PostingCommand =
  | PaymentCommand
  | LatePaymentCommand
  | RefundRequestCommand
  | RefundSuccessCommand
  | RefundReturnCommand
  | DisputeWithdrawalCommand
  | DisputeReturnCommand
  | TopUpCommand
  | SettlementCloseCommand
  | PayoutApproveCommand
  | PayoutSettleCommand
  | PayoutReturnCommand
  | PspFeeCommand
  | PspPayoutCommand
  | PspPayoutFailureCommand
  | PspMerchantPayoutCommand
  | PspMerchantPayoutFailureCommand
  | PspPayoutArrivalCommand
  | BankLineUnplacedCommand
  | BankLinePlacedCommand
  | BankLineWrittenOffCommand;

/** Uses up an id so that the command it belongs to can never post. */
export interface VoidCommand {
  readonly kind: 'void';
  readonly id: string;
}

/** What a chain does, in this order: all of it or nothing. `up-to`: at most what is there to be taken. */
export type ChainStep =
  | ({
      readonly do: 'transfer';
      readonly debit: string;
      readonly credit: string;
      readonly take: 'exactly' | 'up-to';
      readonly purpose: string;
    } & Amount)
  | ({
      readonly do: 'place';
      readonly account: string;
      /** Null: it never expires. */
      readonly expiresAt: string | null;
    } & Amount)
  | ({
      readonly do: 'capture';
      readonly holdId: string;
      readonly credit: string;
      readonly take: 'exactly' | 'up-to';
      readonly purpose: string;
    } & Amount)
  | ({ readonly do: 'increase'; readonly holdId: string } & Amount)
  /** Null: all that remains. */
  | { readonly do: 'release'; readonly holdId: string; readonly amountMinor: string | null }
  | { readonly do: 'finish'; readonly holdId: string };

export interface TransferChainCommand extends Common<'transfer-chain'> {
  readonly subjects?: Subjects;
  readonly steps: readonly ChainStep[];
}

export interface HoldPlaceCommand extends Common<'hold-place'>, Amount {
  readonly subjects?: Subjects;
  readonly account: string;
  readonly expiresAt: string | null;
}

export interface HoldCaptureCommand extends Common<'hold-capture'> {
  readonly subjects?: Subjects;
  readonly holdId: string;
  readonly captures: readonly ({ readonly credit: string } & Amount)[];
  /** Releases what is left. */
  readonly final: boolean;
}

export interface HoldIncreaseCommand extends Common<'hold-increase'>, Amount {
  readonly subjects?: Subjects;
  readonly holdId: string;
}

export interface HoldReleaseCommand extends Common<'hold-release'> {
  readonly subjects?: Subjects;
  readonly holdId: string;
  /** Null: all that remains. */
  readonly amountMinor: string | null;
}

/** Ends a hold whose time has come. Only the ledger itself says so. */
export interface HoldExpireCommand {
  readonly kind: 'hold-expire';
  readonly id: string;
  readonly holdId: string;
}

/** Asks that name accounts and holds themselves; no posting rule speaks of them. */
export type StepCommand =
  | TransferChainCommand
  | HoldPlaceCommand
  | HoldCaptureCommand
  | HoldIncreaseCommand
  | HoldReleaseCommand
  | HoldExpireCommand;

/** Closes a calendar month of Europe/Amsterdam, `2026-10`, and all before it. */
export interface PeriodCloseCommand {
  readonly kind: 'period-close';
  readonly id: string;
  readonly month: string;
}

/** Sets what may happen to an account. Absent: as it was. Null: none of its own. */
export interface AccountSetCommand extends Common<'account-set'> {
  readonly account: string;
  readonly state?: AccountCondition | undefined;
  readonly floorMinor?: string | null | undefined;
  readonly ceilingMinor?: string | null | undefined;
}

export interface LimitTerms {
  readonly window: VelocityWindow;
  readonly side: Side | null;
  readonly counterparty: string | null;
  readonly countMax: string | null;
  readonly sumMaxMinor: string | null;
}

/** Sets, changes or (null) ends a velocity limit. The subject `account:{code}` is that account. */
export interface LimitSetCommand extends Common<'limit-set'> {
  readonly subject: string;
  readonly name: string;
  readonly limit: LimitTerms | null;
}

/** Takes an earlier command's transfers back. Null: all that is left of them. */
export interface ReversalCommand extends Common<'reversal'> {
  readonly commandId: string;
  readonly parts: readonly ({ readonly transfer: number } & Amount)[] | null;
}

export type DecidableCommand =
  PostingCommand | StepCommand | AccountSetCommand | LimitSetCommand | ReversalCommand;
export type Command = DecidableCommand | VoidCommand | PeriodCloseCommand;
export type PostingKind = PostingCommand['kind'];
export type CommandOf<Kind extends PostingKind> = Extract<PostingCommand, { kind: Kind }>;
