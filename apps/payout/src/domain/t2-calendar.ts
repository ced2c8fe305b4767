/** A calendar day, `YYYY-MM-DD`. */
export type Day = string;

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Besides Saturdays, Sundays, Good Friday and Easter Monday. King's Day and Ascension are ordinary days to T2. */
const FIXED_CLOSING_DAYS = ['01-01', '05-01', '12-25', '12-26'];
const DAYS_AHEAD_MAX = 14;

/** Whether euro payments between banks are settled on this day. Source: ECB, T2 closing days. */
export function isT2BusinessDay(day: Day): boolean {
  const weekday = utc(day).getUTCDay();
  if (weekday === 0 || weekday === 6 || FIXED_CLOSING_DAYS.includes(day.slice(5))) return false;
  const easter = easterSunday(Number(day.slice(0, 4)));
  return day !== addDays(easter, -2) && day !== addDays(easter, 1);
}

/** The first business day after `day`. */
export function nextT2BusinessDay(day: Day): Day {
  for (let ahead = 1; ahead <= DAYS_AHEAD_MAX; ahead += 1) {
    const candidate = addDays(day, ahead);
    if (isT2BusinessDay(candidate)) return candidate;
  }
  throw new RangeError(`no T2 business day within ${DAYS_AHEAD_MAX} days of ${day}`);
}

/** When the `count`-th business day after `day` is over, in Amsterdam. */
export function endOfT2BusinessDay(day: Day, count: number): Date {
  let last = day;
  for (let passed = 0; passed < count; passed += 1) last = nextT2BusinessDay(last);
  return startOfDay(addDays(last, 1));
}

function utc(day: Day): Date {
  return new Date(`${day}T00:00:00Z`);
}

export function addDays(day: Day, days: number): Day {
  return new Date(utc(day).getTime() + days * DAY_MS).toISOString().slice(0, 10);
}

/** The Gregorian computus (Meeus, Jones, Butcher). */
function easterSunday(year: number): Day {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d =
    (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7;
  const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114;
  const month = String(Math.floor(f / 31)).padStart(2, '0');
  const dayOfMonth = String((f % 31) + 1).padStart(2, '0');
  return `${year}-${month}-${dayOfMonth}`;
}

/** The calendar day in Amsterdam. */
export function amsterdamDay(at: Date): Day {
  return new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Amsterdam' }).format(at);
}

/** Whether a file for this day comes too late: a bank takes files for a day to come. */
export function isTooLateFor(executionDate: Day, at: Date): boolean {
  return executionDate <= amsterdamDay(at);
}

/**
 * Up to when a file can be made that is paid on the next business day: when that day begins in Amsterdam.
 *
 * @returns the day, and the instant.
 */
export function nextCutOff(at: Date): { readonly day: Day; readonly at: Date } {
  const day = nextT2BusinessDay(amsterdamDay(at));
  return { day, at: startOfDay(day) };
}

/** When a day begins in Amsterdam: the hour of one of its two offsets that is midnight there. */
export function startOfDay(day: Day): Date {
  const hour = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Amsterdam', hour: '2-digit' });
  const [summer = utc(day), winter = utc(day)] = [2, 1].map(
    (hours) => new Date(utc(day).getTime() - hours * HOUR_MS),
  );
  return Number(hour.format(summer)) === 0 ? summer : winter;
}
