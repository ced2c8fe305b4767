import { isValidIBAN } from 'ibantools';
import { z } from 'zod';

const Fee = z.strictObject({
  /** Cents per payment. */
  fixed: z.number().int().min(0).max(10_000),
  /** Hundredths of a per cent of the amount: 150 is 1.5 %. */
  basis_points: z.number().int().min(0).max(10_000),
});
const Iban = z.string().refine((text) => isValidIBAN(text), 'must be an IBAN');
const Cents = z
  .string()
  .regex(/^-?\d{1,15}$/, 'must be whole cents')
  .transform(BigInt);

/** What the PSP takes, when it lets go of money, and where it sends it. */
export const PspTerms = z.strictObject({
  fees: z
    .strictObject({ ideal: Fee, card: Fee })
    .default({ ideal: { fixed: 29, basis_points: 0 }, card: { fixed: 25, basis_points: 150 } }),
  /** Cents for each dispute, given back to nobody. */
  dispute_fee: z.number().int().min(0).max(10_000).default(2_000),
  /** T2 business days from payment to "available". */
  available_after_days: z.number().int().min(0).max(30).default(2),
  /** `daily`: what is available is paid out at the end of every business day. */
  payout_schedule: z.enum(['manual', 'daily']).default('manual'),
  /** Our own account, to which the PSP pays out; null: there is none, and no payout either. */
  external_account: Iban.nullable().default('NL20INGB0001234567'),
});
export type PspTerms = z.infer<typeof PspTerms>;

/** The bank's accounts, and what it tells about days on which nothing happened. */
export const BankTerms = z.strictObject({
  accounts: z
    .array(
      z.strictObject({
        iban: Iban,
        name: z.string().min(1).max(70),
        opening_minor: Cents.default(0n),
        overdraft: z.boolean().default(true),
      }),
    )
    .default([
      {
        iban: 'NL20INGB0001234567',
        name: 'Stuiver Sandbox',
        opening_minor: 0n,
        overdraft: true,
      },
    ]),
  /** A statement for each business day, or only for days on which something was booked. */
  empty_statements: z.boolean().default(true),
});
export type BankTerms = z.infer<typeof BankTerms>;
