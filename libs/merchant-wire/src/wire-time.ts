const FORMAT = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/Amsterdam',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'longOffset',
});

/** RFC 3339 to the second with an offset, as strict parsers want it: `2026-11-23T10:00:00+01:00`. */
export function wireTime(instant: Date): string {
  const part = new Map(FORMAT.formatToParts(instant).map(({ type, value }) => [type, value]));
  const of = (type: Intl.DateTimeFormatPartTypes): string => part.get(type) ?? '';
  const offset = of('timeZoneName').replace('GMT', '') || '+00:00';
  return `${of('year')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}:${of('second')}${offset}`;
}

const RFC_3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:[Zz]|[+-](\d\d):(\d\d))$/;

/** The instant, or null when the text is not RFC 3339 with an offset, or names a day or hour that does not exist. */
export function parseWireTime(text: string): Date | null {
  const match = RFC_3339.exec(text);
  if (match === null) return null;
  const numbers = match.slice(1).map((digits: string | undefined) => Number(digits ?? 0));
  const [year = 0, month = 0, day = 0] = numbers;
  const daysInMonth = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const fits = numbers.every((value, index) => value <= (PART_MAX[index] ?? 0));
  return fits && month >= 1 && day >= 1 && day <= daysInMonth ? new Date(text.toUpperCase()) : null;
}

/** Year, month, day, hour, minute, second, and the offset's hour and minute. */
const PART_MAX = [9999, 12, 31, 23, 59, 59, 23, 59] as const;
