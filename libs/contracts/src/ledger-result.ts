import { z } from 'zod';
import {
  CurrencyField,
  InstantField,
  SignedMinorTextField,
  TotalMinorTextField,
} from './envelope.js';

/** One posted transfer as its command's answer tells it. Amounts in minor units, as text. */
export const PostedTransferSchema = z.strictObject({
  seq: z.string(),
  purpose: z.string(),
  debit: z.string(),
  credit: z.string(),
  amountMinor: TotalMinorTextField,
  currency: CurrencyField,
  debitVersion: z.string(),
  creditVersion: z.string(),
  /** Balances after this transfer, counted on each account's normal side (a liability's is its credit side). */
  debitAfterMinor: SignedMinorTextField,
  creditAfterMinor: SignedMinorTextField,
});
export type PostedTransfer = Readonly<z.infer<typeof PostedTransferSchema>>;

/**
 * Why an ask was refused. `FLOOR`, `CEILING`: the account would pass what limits it by `shortfallMinor`. `LIMIT`: a
 * velocity limit has too little left. `PERIOD_CLOSED`: it would take effect in a closed month.
 */
const LedgerRefusalCodeField = z.enum([
  'FLOOR',
  'CEILING',
  'LIMIT',
  'NOTHING_TO_MOVE',
  'VOIDED',
  'ACCOUNT_CLOSED',
  'ACCOUNT_FROZEN',
  'ACCOUNT_NOT_EMPTY',
  'HOLD_UNKNOWN',
  'HOLD_ENDED',
  'HOLD_EXPIRED',
  'HOLD_TOO_SMALL',
  'ORIGINAL_UNKNOWN',
  'REVERSED_ALREADY',
  'PERIOD_CLOSED',
]);
export type LedgerRefusalCode = z.infer<typeof LedgerRefusalCodeField>;

/** Which holds stand in the way of an ask, the first to expire first. */
const HoldsInTheWaySchema = z.strictObject({
  heldMinor: TotalMinorTextField,
  first: z
    .array(
      z.strictObject({
        holdId: z.string(),
        remainingMinor: TotalMinorTextField,
        expiresAt: InstantField.nullable(),
      }),
    )
    .readonly(),
  /** Null: none of them ever expires. */
  earliestExpiresAt: InstantField.nullable(),
});

/** Which velocity limit an ask would pass, what it has left, and when there is room for this ask: null if never. */
const VelocityRefusalSchema = z.strictObject({
  subject: z.string(),
  name: z.string(),
  window: z.enum(['day', 'month', 'rolling']),
  countMax: TotalMinorTextField.nullable(),
  countLeft: TotalMinorTextField.nullable(),
  sumMaxMinor: TotalMinorTextField.nullable(),
  sumLeftMinor: TotalMinorTextField.nullable(),
  freesAt: InstantField.nullable(),
});

const refusal = {
  code: LedgerRefusalCodeField,
  account: z.string().nullable(),
  limitMinor: SignedMinorTextField.nullable(),
  shortfallMinor: SignedMinorTextField.nullable(),
  holds: HoldsInTheWaySchema.readonly().optional(),
  velocity: VelocityRefusalSchema.readonly().optional(),
  /** Of PERIOD_CLOSED: from when on it could take effect. */
  firstOpenAt: InstantField.optional(),
};
export const LedgerRefusalSchema = z.strictObject(refusal).readonly();
export type LedgerRefusal = z.infer<typeof LedgerRefusalSchema>;

/** A hold as a command left it. What remains is placed less captured less released. */
export const HoldViewSchema = z.strictObject({
  holdId: z.string(),
  account: z.string(),
  placedMinor: TotalMinorTextField,
  capturedMinor: TotalMinorTextField,
  releasedMinor: TotalMinorTextField,
  remainingMinor: TotalMinorTextField,
  state: z.enum(['open', 'captured', 'released', 'expired']),
  expiresAt: InstantField.nullable(),
});
export type HoldView = Readonly<z.infer<typeof HoldViewSchema>>;

/** An account's terms as a command left them. */
export const AccountTermsSchema = z.strictObject({
  account: z.string(),
  state: z.enum(['open', 'frozen-debit', 'frozen', 'closed']),
  /** Its own; null: the chart's. */
  floorMinor: SignedMinorTextField.nullable(),
  ceilingMinor: SignedMinorTextField.nullable(),
});

/** Transfer `seq` takes `originalSeq` back; of that, `reversedMinor` is taken back now in all. */
const ReversalViewSchema = z.strictObject({
  seq: z.string(),
  originalSeq: z.string(),
  reversedMinor: TotalMinorTextField,
});

const answer = {
  holds: z.array(HoldViewSchema).readonly().optional(),
  account: AccountTermsSchema.readonly().optional(),
  reversals: z.array(ReversalViewSchema.readonly()).readonly().optional(),
};
/** What the answer of a posted command says beside its transfers. */
export const LedgerAnswerSchema = z.strictObject(answer).readonly();
export type LedgerAnswer = z.infer<typeof LedgerAnswerSchema>;

const booked = { commandId: z.string(), batch: z.string(), bookedAt: InstantField };

export const LedgerResultSchema = z.discriminatedUnion('outcome', [
  z
    .strictObject({
      outcome: z.literal('posted'),
      ...booked,
      transfers: z.array(PostedTransferSchema).readonly(),
      ...answer,
    })
    .readonly(),
  z.strictObject({ outcome: z.literal('refused'), ...booked, ...refusal }).readonly(),
]);
export type LedgerResult = z.infer<typeof LedgerResultSchema>;
