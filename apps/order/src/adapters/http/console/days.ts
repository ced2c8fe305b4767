import { Refusal } from '@stuiver/errors';

export const DAY = /^20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
export const DAY_SAYS = 'must be a day such as 2026-11-24';

/** @throws Refusal PARAM_ERROR for a day that no month has. */
export function realDay(field: string, day: string | undefined): string | null {
  if (day === undefined) return null;
  if (new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)) return day;
  throw new Refusal('PARAM_ERROR', { field, rule: 'must be a day that the calendar has' });
}

/** Which day it is in Amsterdam. */
export function amsterdamDay(now: Date): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Amsterdam' }).format(now);
}
