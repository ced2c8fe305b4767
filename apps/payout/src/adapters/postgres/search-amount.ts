import { Money } from '@stuiver/money';

/** `12,50`, `12.5` and `12`; no sign. A longer number is somebody's name, not an amount. */
const AMOUNT = /^(\d{1,9})(?:[.,](\d{1,2}))?$/;

/** The amount that a person typed into a search field, in minor units; null when it is none. */
export function minorOfSearch(text: string): string | null {
  const [, whole, cents = ''] = AMOUNT.exec(text) ?? [];
  if (whole === undefined) return null;
  return Money.parseMajor(`${whole}.${cents.padEnd(2, '0')}`, 'EUR').minor.toString();
}
