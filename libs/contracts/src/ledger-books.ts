import { z } from 'zod';
import {
  CurrencyField,
  InstantField,
  SignedMinorTextField,
  TotalMinorTextField,
} from './envelope.js';
import type { JournalPage } from './ledger-journal.js';
import type { LedgerResult } from './ledger-result.js';

/**
 * All accounts at a moment, by what kind they are: `merchant:*:pending` stands for every merchant's. `at` null: as they
 * are now.
 */
export const BooksAtSchema = z.strictObject({
  at: InstantField.nullable(),
  currency: CurrencyField,
  kinds: z
    .array(
      z.strictObject({
        account: z.string(),
        normalSide: z.enum(['debit', 'credit']),
        /** On the normal side. */
        balanceMinor: SignedMinorTextField,
        /** What those above zero hold: who is below pays for nobody else. */
        aboveZeroMinor: TotalMinorTextField,
        /** How many accounts it stands for. */
        accounts: z.string(),
      }),
    )
    .readonly(),
});
export type BooksAt = Readonly<z.infer<typeof BooksAtSchema>>;

/** Days of Europe/Amsterdam. */
export const BooksSpanSchema = z.strictObject({
  /** The first day on which anything took effect, `YYYY-MM-DD`; null while nothing is booked. */
  firstDay: z.string().nullable(),
  /** The first moment that no closed month has; null while none is closed. */
  openFrom: InstantField.nullable(),
});
export type BooksSpan = Readonly<z.infer<typeof BooksSpanSchema>>;

/** The general ledger as finance closes it, month by month. Every call @throws LedgerUnavailable */
export interface LedgerBooks {
  /** By when things happened, this very moment included; null for now. */
  booksAt(at: Date | null): Promise<BooksAt>;
  span(): Promise<BooksSpan>;
  /**
   * Transfers that took effect from one day to another, both included, in the order of their numbers.
   *
   * @param page.after  `0`, or `next` of the page before.
   */
  journal(page: { after: string; from: string; to: string }): Promise<JournalPage>;
  /**
   * Closes a month (`2026-10`) and all before it, for ever. Safe to repeat.
   *
   * @returns refused PERIOD_CLOSED when a later one was closed before. @throws Refusal PARAM_ERROR for one not over.
   */
  closePeriod(month: string): Promise<LedgerResult>;
}
