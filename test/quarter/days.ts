/** A calendar day, `YYYY-MM-DD`. */
export type Day = string;

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Written down from the ECB's calendar, and not computed: the product's own sums are held against it. */
const BANK_HOLIDAYS: readonly Day[] = [
  ...['2026-12-25', '2026-12-26', '2027-01-01', '2027-03-26', '2027-03-29', '2027-05-01'],
];

export function isBusinessDay(day: Day): boolean {
  const weekday = new Date(`${day}T12:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !BANK_HOLIDAYS.includes(day);
}

export function daysFrom(first: Day, count: number): readonly Day[] {
  const start = Date.parse(`${first}T12:00:00Z`);
  return Array.from({ length: count }, (_, index) =>
    new Date(start + index * DAY_MS).toISOString().slice(0, 10),
  );
}

/** When the clocks of Amsterdam show that hour of that day, in summer and in winter. */
export function amsterdam(day: Day, hour: number, minute = 0): Date {
  const utc = Date.parse(`${day}T00:00:00Z`) + hour * HOUR_MS + minute * 60_000;
  const shown = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone: 'Europe/Amsterdam', hour: '2-digit', hourCycle: 'h23' },
  });
  const summer = new Date(utc - 2 * HOUR_MS);
  return Number(shown.format(summer)) === hour ? summer : new Date(utc - HOUR_MS);
}
