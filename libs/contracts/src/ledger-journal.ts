import { z } from 'zod';
import { CurrencyField, InstantField, MinorTextField } from './envelope.js';
import { BookedTransferSchema } from './ledger-lookups.js';
import { AccountField, CHAIN_STEPS_MAX, PurposeField } from './ledger-asks.js';

export const JOURNAL_TRANSFERS_MAX = 1_000;
export const JOURNAL_ENTRIES_MAX = 256;

/** `next`: where to go on, also after a page without transfers; null at the end of the books. */
export const JournalPageSchema = z.strictObject({
  transfers: z.array(BookedTransferSchema).readonly(),
  next: z.string().nullable(),
});
export type JournalPage = Readonly<z.infer<typeof JournalPageSchema>>;

/** How an entry of a journal is called there. A UUID becomes the command's own id. */
export const JournalEntryIdField = z.string().regex(/^[A-Za-z0-9_.:/-]{1,100}$/);

/** One transfer of a journal that is to be booked. */
export const JournalTransferSchema = z.strictObject({
  purpose: PurposeField,
  debit: AccountField,
  credit: AccountField,
  amountMinor: MinorTextField,
});

/** An entry of a journal: its transfers are booked together or not at all, once for its id. */
export const JournalEntrySchema = z.strictObject({
  id: JournalEntryIdField,
  effectiveAt: InstantField,
  currency: CurrencyField,
  transfers: z.array(JournalTransferSchema).min(1).max(CHAIN_STEPS_MAX).readonly(),
});
export type JournalEntry = Readonly<z.infer<typeof JournalEntrySchema>>;
