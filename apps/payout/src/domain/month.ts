import { addDays, type Day, isT2BusinessDay, startOfDay } from './t2-calendar.js';

/** A calendar month of Europe/Amsterdam, `2026-10`. */
export type Month = string;

export const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

export function monthOf(day: Day): Month {
  return day.slice(0, 7);
}

export function firstDayOf(month: Month): Day {
  return `${month}-01`;
}

export function lastDayOf(month: Month): Day {
  return addDays(firstDayOf(nextMonth(month)), -1);
}

/** The last day of a month on which banks settle: what its last statement is about. */
export function lastBusinessDayOf(month: Month): Day {
  let day = lastDayOf(month);
  while (!isT2BusinessDay(day)) day = addDays(day, -1);
  return day;
}

export function nextMonth(month: Month): Month {
  // No month has more than 31 days, and every next one has a first.
  return monthOf(addDays(firstDayOf(month), 31));
}

/** The last moment of it, as finely as the ledger counts. */
export function lastMomentOf(month: Month): Date {
  return new Date(startOfDay(firstDayOf(nextMonth(month))).getTime() - 1);
}

export function lastMomentBefore(month: Month): Date {
  return new Date(startOfDay(firstDayOf(month)).getTime() - 1);
}

/** From one to another, both included, the last first. */
export function monthsBack(from: Month, to: Month): readonly Month[] {
  const months: Month[] = [];
  for (let month = from; month <= to; month = nextMonth(month)) months.unshift(month);
  return months;
}
