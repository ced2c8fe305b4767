import { z } from 'zod';
import {
  ContentSaltField,
  CurrencyField,
  InstantField,
  MetadataHashField,
  MinorTextField,
} from './envelope.js';
import { LEDGER_ASKS, subjects } from './ledger-asks.js';
import { FundsField, RefundFromField } from './order-events.js';

const common = {
  /** For ever: the same id with the same content gives the first result, with other content a conflict. */
  id: z.uuid(),
  /** When the fact happened or the ask was made, on the effective clock. */
  effectiveAt: InstantField,
  metadataSha256: MetadataHashField.optional(),
  contentSalt: ContentSaltField.optional(),
};
const money = { amountMinor: MinorTextField, currency: CurrencyField };
const dispute = {
  /** The PSP's own id of it. */
  disputeId: z.string(),
  orderId: z.string().nullable(),
  /** Null: nobody's money of ours. */
  merchantId: z.string().nullable(),
  psp: z.literal('stripe'),
};

/**
 * What a service may tell or ask the ledger, as business facts: which accounts move is the ledger's own table of
 * posting rules. An *ask* may be refused; a *fact* has happened outside and never is.
 */
/** Each has an account of its own, `loss:{reason}`, which what comes in lowers; `own-funds` is `equity:operator`. */
export const WRITE_OFF_REASONS = [
  'bank-fee',
  'interest',
  'tolerance',
  'bad-debt',
  'unidentified',
  'own-funds',
] as const;
export type WriteOffReason = (typeof WRITE_OFF_REASONS)[number];

export const LedgerCommandSchema = z.discriminatedUnion('kind', [
  /** Ask when `funds` is a wallet; fact when the PSP already has the money. `amountMinor` is gross, fee included. */
  z.strictObject({
    kind: z.literal('payment'),
    ...common,
    attemptId: z.string(),
    orderId: z.string(),
    merchantId: z.string(),
    funds: FundsField,
    ...money,
    feeMinor: MinorTextField,
    ...subjects,
  }),
  /** Fact: money for an order that cannot take it. */
  z.strictObject({
    kind: z.literal('late-payment'),
    ...common,
    attemptId: z.string(),
    orderId: z.string(),
    merchantId: z.string(),
    psp: z.literal('stripe'),
    account: z.string().nullable(),
    applicationFeeMinor: MinorTextField,
    ...money,
  }),
  /** Ask: sets the money aside before the PSP is called. */
  z.strictObject({
    kind: z.literal('refund-request'),
    ...common,
    refundId: z.string(),
    attemptId: z.string(),
    orderId: z.string(),
    merchantId: z.string(),
    from: RefundFromField,
    ...money,
  }),
  /** Fact: the payer has it. */
  z.strictObject({
    kind: z.literal('refund-success'),
    ...common,
    refundId: z.string(),
    orderId: z.string(),
    merchantId: z.string(),
    to: FundsField,
    ...money,
    feeBackMinor: MinorTextField,
  }),
  /** Fact: a refund that had succeeded came back. */
  z.strictObject({
    kind: z.literal('refund-return'),
    ...common,
    refundId: z.string(),
    orderId: z.string(),
    merchantId: z.string(),
    to: FundsField,
    ...money,
  }),
  /** Fact: the payer's bank took a payment back at the PSP; the merchant may go below zero. */
  z.strictObject({ kind: z.literal('dispute-withdrawal'), ...common, ...dispute, ...money }),
  /** Fact: such money is on the PSP's balance again. */
  z.strictObject({ kind: z.literal('dispute-return'), ...common, ...dispute, ...money }),
  /** Fact: money came in for a wallet. */
  z.strictObject({
    kind: z.literal('top-up'),
    ...common,
    topUpId: z.string(),
    userId: z.string(),
    psp: z.literal('stripe'),
    ...money,
  }),
  /** Ask: everything booked on the merchant's pending account so far becomes available. */
  z.strictObject({
    kind: z.literal('settlement-close'),
    ...common,
    settlementId: z.string(),
    merchantId: z.string(),
    currency: CurrencyField,
  }),
  /** Ask: at approval, before any file or PSP call. */
  z.strictObject({
    kind: z.literal('payout-approve'),
    ...common,
    payoutId: z.string(),
    merchantId: z.string(),
    ...money,
  }),
  /** Fact: the bank paid it. */
  z.strictObject({
    kind: z.literal('payout-settle'),
    ...common,
    payoutId: z.string(),
    merchantId: z.string(),
    bank: z.string(),
    ...money,
  }),
  /** Fact: the bank refused it before paying, or sent it back after (`afterSettlement`). */
  z.strictObject({
    kind: z.literal('payout-return'),
    ...common,
    payoutId: z.string(),
    merchantId: z.string(),
    bank: z.string(),
    afterSettlement: z.boolean(),
    ...money,
  }),
  /** Fact: what the PSP kept for itself, from its balance transactions. `back`: it gave a fee back. */
  z.strictObject({
    kind: z.literal('psp-fee'),
    ...common,
    pspTransactionId: z.string(),
    psp: z.literal('stripe'),
    back: z.boolean(),
    ...money,
  }),
  /** Fact: the PSP sends its balance to our bank account; the money is in transit. */
  z.strictObject({
    kind: z.literal('psp-payout'),
    ...common,
    pspTransactionId: z.string(),
    pspPayoutId: z.string(),
    psp: z.literal('stripe'),
    ...money,
  }),
  /** Fact: such a payout did not arrive and is on the PSP's balance again. */
  z.strictObject({
    kind: z.literal('psp-payout-failure'),
    ...common,
    pspTransactionId: z.string(),
    pspPayoutId: z.string(),
    psp: z.literal('stripe'),
    ...money,
  }),
  /** Fact: the PSP pays a connected account's balance to its merchant's bank: what we owed that merchant is paid. */
  z.strictObject({
    kind: z.literal('psp-merchant-payout'),
    ...common,
    merchantId: z.string(),
    pspTransactionId: z.string(),
    pspPayoutId: z.string(),
    psp: z.literal('stripe'),
    ...money,
  }),
  /** Fact: such a payout did not arrive; it is on the connected account and owed again. */
  z.strictObject({
    kind: z.literal('psp-merchant-payout-failure'),
    ...common,
    merchantId: z.string(),
    pspTransactionId: z.string(),
    pspPayoutId: z.string(),
    psp: z.literal('stripe'),
    ...money,
  }),
  /** Fact: the bank's statement shows the PSP's payout; `back`: that it was taken from our account again. */
  z.strictObject({
    kind: z.literal('psp-payout-arrival'),
    ...common,
    bankLineId: z.string(),
    pspPayoutId: z.string(),
    psp: z.literal('stripe'),
    bank: z.string(),
    back: z.literal(true).optional(),
    ...money,
  }),
  /** Fact: a line of the bank's statement that no rule places. The money is there, so it is on the books. */
  z.strictObject({
    kind: z.literal('bank-line-unplaced'),
    ...common,
    bankLineId: z.string(),
    bank: z.string(),
    direction: z.enum(['in', 'out']),
    ...money,
  }),
  /** Fact: what such a line is, is known now; its place is booked apart, so this takes it out of suspense. */
  z.strictObject({
    kind: z.literal('bank-line-placed'),
    ...common,
    bankLineId: z.string(),
    bank: z.string(),
    direction: z.enum(['in', 'out']),
    ...money,
  }),
  /** Fact: two people agreed to what such a line cost or brought us, or that it is our own; nobody else is to have it. */
  z.strictObject({
    kind: z.literal('bank-line-written-off'),
    ...common,
    bankLineId: z.string(),
    reason: z.enum(WRITE_OFF_REASONS),
    direction: z.enum(['in', 'out']),
    ...money,
  }),
  ...LEDGER_ASKS,
]);

export type LedgerCommand = z.infer<typeof LedgerCommandSchema>;
export type LedgerCommandKind = LedgerCommand['kind'];
export type LedgerCommandOf<Kind extends LedgerCommandKind> = Extract<
  LedgerCommand,
  { kind: Kind }
>;
