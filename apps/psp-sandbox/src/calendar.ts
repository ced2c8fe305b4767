/** A calendar day in Amsterdam, `YYYY-MM-DD`: that of the PSP, of the bank, and of its statements. */
export type Day = string;

const DAY_MS = 86_400_000;
/** Besides weekends and Easter: the days on which no euro moves between banks. Source: ECB, T2 closing days. */
const CLOSED = ['01-01', '05-01', '12-25', '12-26'];
const IN_AMSTERDAM = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Amsterdam' });

export function dayOf(at: Date): Day {
  return IN_AMSTERDAM.format(at);
}

/** Midnight in Amsterdam, when the day begins. */
export function startOf(day: Day): Date {
  const summer = new Date(`${day}T00:00:00+02:00`);
  return dayOf(summer) === day ? summer : new Date(`${day}T00:00:00+01:00`);
}

/** The last second of the day. */
export function endOf(day: Day): Date {
  return new Date(startOf(addDays(day, 1)).getTime() - 1_000);
}

export function addDays(day: Day, days: number): Day {
  return new Date(utc(day).getTime() + days * DAY_MS).toISOString().slice(0, 10);
}

export function isBusinessDay(day: Day): boolean {
  const weekday = utc(day).getUTCDay();
  if (weekday === 0 || weekday === 6 || CLOSED.includes(day.slice('YYYY-'.length))) return false;
  const easter = easterOf(Number(day.slice(0, 4)));
  return day !== addDays(easter, -2) && day !== addDays(easter, 1);
}

/** `count` business days after the day; the day itself, or the first business day after it, for zero. */
export function businessDaysAfter(day: Day, count: number): Day {
  let at = day;
  for (let left = count; left > 0; left -= 1) at = onBusinessDay(addDays(at, 1));
  return onBusinessDay(at);
}

function onBusinessDay(day: Day): Day {
  return isBusinessDay(day) ? day : onBusinessDay(addDays(day, 1));
}

function utc(day: Day): Date {
  return new Date(`${day}T00:00:00Z`);
}

/** Gauss's rule with Lichtenberg's correction. */
function easterOf(year: number): Day {
  const k = Math.floor(year / 100);
  const m = 15 + Math.floor((3 * k + 3) / 4) - Math.floor((8 * k + 13) / 25);
  const s = 2 - Math.floor((3 * k + 3) / 4);
  const a = year % 19;
  const d = (19 * a + m) % 30;
  const r = Math.floor((d + Math.floor(a / 11)) / 29);
  const og = 21 + d - r;
  const sz = 7 - ((year + Math.floor(year / 4) + s) % 7);
  const sunday = og + (7 - ((((og - sz) % 7) + 7) % 7));
  return addDays(`${year}-03-01`, sunday - 1);
}
