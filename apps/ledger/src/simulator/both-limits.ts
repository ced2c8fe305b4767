import type { VelocityLimit } from '../domain/velocity.js';
import type { NaiveBooks } from './model/naive-books.js';
import {
  limitsOn,
  type NaiveLimit,
  type NaiveSlot,
  slotsOf,
  stillCounts,
} from './model/naive-limits.js';

/**
 * The limits on a subject and what counts towards them at that time: as tables have them, and as they should be.
 * Counters that count no longer may still be in tables.
 */
export function bothLimits(
  books: NaiveBooks,
  given: {
    readonly subject: string;
    /** By name. */
    readonly found: readonly VelocityLimit[];
    readonly nowMs: number;
  },
): { readonly is: readonly object[]; readonly expected: readonly object[] } {
  const { subject, found, nowMs } = given;
  const limits = limitsOn(books, subject);
  const expected = limits.map((limit) => limitView(limit, slotsOf(books, limit, nowMs)));
  const is = found.map(({ slots, ...terms }, index) => {
    const limit = limits[index];
    const counts = slots.filter(
      ({ startMs }) => limit !== undefined && stillCounts(limit, startMs, nowMs),
    );
    return { ...terms, slots: counts };
  });
  return { is, expected };
}

/** As tables have it. */
function limitView({ name, terms }: NaiveLimit, slots: readonly NaiveSlot[]): object {
  const { window, side, counterparty, countMax, sumMaxMinor } = terms;
  const [count, sum] = [countMax, sumMaxMinor].map((text) => (text === null ? null : BigInt(text)));
  return { name, window, side, counterparty, countMax: count, sumMax: sum, slots };
}
