import { z } from 'zod';
import { InstantField, TotalMinorTextField } from './envelope.js';
import type { LedgerCommandKind } from './ledger-commands.js';

export const BOOKINGS_MAX = 500;

/** What became of one command, for comparing with what its cause says. */
export const BookingSchema = z.strictObject({
  commandId: z.string(),
  kind: z.string(),
  outcome: z.enum(['posted', 'refused']),
  /** The principal: what moved under the purpose of the first transfer. Null when nothing moved. */
  amountMinor: TotalMinorTextField.nullable(),
  /** The attempt, refund, top-up or payout it is about. */
  subject: z.string().nullable(),
  /** All that it moved was taken back by reversals. */
  isReversed: z.boolean(),
  bookedAt: InstantField,
});
export type Booking = Readonly<z.infer<typeof BookingSchema>>;

/** `next`: where to go on, also after a page without bookings; null at the end of the books. */
export const BookingsPageSchema = z.strictObject({
  bookings: z.array(BookingSchema).readonly(),
  next: z.string().nullable(),
});
export type BookingsPage = Readonly<z.infer<typeof BookingsPageSchema>>;

/** How a service asks whether the ledger booked what it said, and what the ledger booked in its name. */
export interface LedgerBookings {
  /** Those of at most `BOOKINGS_MAX` commands that are known. @throws LedgerUnavailable */
  bookings(commandIds: readonly string[]): Promise<readonly Booking[]>;
  /**
   * What moved money by commands of these kinds, in the order of booking.
   *
   * @param after  `0`, or `next` of the page before. @throws LedgerUnavailable
   */
  bookingsOf(kinds: readonly LedgerCommandKind[], after: string): Promise<BookingsPage>;
}
