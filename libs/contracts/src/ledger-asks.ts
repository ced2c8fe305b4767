import { z } from 'zod';
import {
  ContentSaltField,
  CurrencyField,
  InstantField,
  MetadataHashField,
  MinorTextField,
  SignedMinorTextField,
} from './envelope.js';

/* Asks that name accounts, holds and limits themselves; no posting rule speaks of them. */

const common = {
  /** For ever: the same id with the same content gives the first result, with other content a conflict. */
  id: z.uuid(),
  /** When the ask was made, on the effective clock. */
  effectiveAt: InstantField,
  metadataSha256: MetadataHashField.optional(),
  contentSalt: ContentSaltField.optional(),
};
const money = { amountMinor: MinorTextField, currency: CurrencyField };

/** An account of the chart. */
export const AccountField = z.string().regex(/^[A-Za-z0-9_.:-]{1,160}$/);
/** The command that placed it, a dot, and which of its steps did, counted from 0: `{commandId}.0` for `hold-place`. */
const HoldIdField = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.([0-9]|[1-5][0-9]|6[0-3])$/);
/** What a transfer is for, in one word of the caller's. */
export const PurposeField = z.string().regex(/^[a-z][a-z-]{0,31}$/);
/** `up-to`: at most what there is to take. */
const TakeField = z.enum(['exactly', 'up-to']);
/** Null: never. */
const ExpiryField = InstantField.nullable();
export const CHAIN_STEPS_MAX = 64;
/** What velocity limits can be about: `{kind}:{name}`. `account:{code}` is that account. */
const SubjectField = z.string().regex(/^[a-z][a-z-]{0,31}:[A-Za-z0-9_.:-]{1,160}$/);
/** Subjects that a command counts towards, beside the accounts that it moves: a mandate, a device, a person. */
export const subjects = {
  subjects: z
    .array(
      SubjectField.refine((subject) => !subject.startsWith('account:'), 'must not be an account'),
    )
    .max(8)
    .optional(),
};

/** A day and a month are those of Europe/Amsterdam; a rolling window is counted in sixtieths of its length. */
const VelocityWindowSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('day') }),
  z.strictObject({ kind: z.literal('month') }),
  z.strictObject({ kind: z.literal('rolling'), seconds: z.int().min(60).max(31_622_400) }),
]);

/** How often and how much within a window; one of the two at least. */
export const VelocityLimitSchema = z
  .strictObject({
    window: VelocityWindowSchema,
    /** Of an account: which side of it counts; null on other subjects. */
    side: z.enum(['debit', 'credit']).nullable(),
    /** Of an account: only transfers with this other account count; null: with any. */
    counterparty: AccountField.nullable(),
    countMax: MinorTextField.nullable(),
    sumMaxMinor: MinorTextField.nullable(),
  })
  .refine(
    ({ countMax, sumMaxMinor }) => countMax !== null || sumMaxMinor !== null,
    'must limit the count or the sum',
  );

const ChainStepSchema = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('transfer'),
    purpose: PurposeField,
    debit: AccountField,
    credit: AccountField,
    take: TakeField,
    amountMinor: MinorTextField,
  }),
  z.strictObject({
    do: z.literal('place'),
    account: AccountField,
    amountMinor: MinorTextField,
    expiresAt: ExpiryField,
  }),
  z.strictObject({
    do: z.literal('capture'),
    purpose: PurposeField,
    holdId: HoldIdField,
    credit: AccountField,
    take: TakeField,
    amountMinor: MinorTextField,
  }),
  z.strictObject({
    do: z.literal('increase'),
    holdId: HoldIdField,
    amountMinor: MinorTextField,
  }),
  /** Null: all that remains. */
  z.strictObject({
    do: z.literal('release'),
    holdId: HoldIdField,
    amountMinor: MinorTextField.nullable(),
  }),
  /** Ends a hold after captures: what is left is released. */
  z.strictObject({ do: z.literal('finish'), holdId: HoldIdField }),
]);

export const LEDGER_ASKS = [
  /** Ask: steps that post together or not at all, each seeing what the earlier ones did. */
  z.strictObject({
    kind: z.literal('transfer-chain'),
    ...common,
    currency: CurrencyField,
    steps: z.array(ChainStepSchema).min(1).max(CHAIN_STEPS_MAX),
    ...subjects,
  }),
  /** Ask: sets money of an account aside, until it is captured, released or expired. */
  z.strictObject({
    kind: z.literal('hold-place'),
    ...common,
    account: AccountField,
    ...money,
    expiresAt: ExpiryField,
    ...subjects,
  }),
  /** Ask: moves held money to whom it is for. `final`: what is left is released. */
  z.strictObject({
    kind: z.literal('hold-capture'),
    ...common,
    currency: CurrencyField,
    holdId: HoldIdField,
    captures: z
      .array(z.strictObject({ credit: AccountField, amountMinor: MinorTextField }))
      .min(1)
      .max(CHAIN_STEPS_MAX - 1),
    final: z.boolean(),
    ...subjects,
  }),
  /** Ask: holds more. */
  z.strictObject({
    kind: z.literal('hold-increase'),
    ...common,
    holdId: HoldIdField,
    ...money,
    ...subjects,
  }),
  /** Ask: gives held money back. Null: all that remains. */
  z.strictObject({
    kind: z.literal('hold-release'),
    ...common,
    currency: CurrencyField,
    holdId: HoldIdField,
    amountMinor: MinorTextField.nullable(),
    ...subjects,
  }),
  /** Ask: what may happen to an account. Absent: as it was. Null: none of its own. `closed` is for ever. */
  z.strictObject({
    kind: z.literal('account-set'),
    ...common,
    currency: CurrencyField,
    account: AccountField,
    state: z.enum(['open', 'frozen-debit', 'frozen', 'closed']).optional(),
    floorMinor: SignedMinorTextField.nullable().optional(),
    ceilingMinor: SignedMinorTextField.nullable().optional(),
  }),
  /** Sets, changes or (null) ends a velocity limit. Limits bind asks; facts count and pass. */
  z.strictObject({
    kind: z.literal('limit-set'),
    ...common,
    currency: CurrencyField,
    subject: SubjectField,
    name: PurposeField,
    limit: VelocityLimitSchema.nullable(),
  }),
  /** Ask: takes an earlier command's transfers back, by transfers the other way round. Null: all that is left. */
  z.strictObject({
    kind: z.literal('reversal'),
    ...common,
    currency: CurrencyField,
    commandId: z.uuid().lowercase(),
    parts: z
      .array(z.strictObject({ transfer: z.int().min(0).max(999), amountMinor: MinorTextField }))
      .min(1)
      .max(CHAIN_STEPS_MAX)
      .nullable(),
  }),
] as const;
