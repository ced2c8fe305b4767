/* The calendar of Amsterdam, as one learns it at school. */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

export function dayOf(ms: number): Span {
  const local = ms + hoursAhead(ms) * HOUR_MS;
  const midnight = Math.floor(local / DAY_MS) * DAY_MS;
  return { startMs: fromLocal(midnight), endMs: fromLocal(midnight + DAY_MS) };
}

export function monthOf(ms: number): Span {
  const local = new Date(ms + hoursAhead(ms) * HOUR_MS);
  const [year, month] = [local.getUTCFullYear(), local.getUTCMonth()];
  return {
    startMs: fromLocal(Date.UTC(year, month, 1)),
    endMs: fromLocal(Date.UTC(year, month + 1, 1)),
  };
}

/** The first moment after a month (`2026-10`); undefined for what is no month. In ms. */
export function endOfMonth(text: string): number | undefined {
  const [, year, month] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text) ?? [];
  if (year === undefined || month === undefined) return undefined;
  return fromLocal(Date.UTC(Number(year), Number(month), 1));
}

/** In summer two hours ahead of UTC, else one. Summer is from the last Sunday of March to that of October, 01:00 UTC. */
function hoursAhead(ms: number): 1 | 2 {
  const year = new Date(ms).getUTCFullYear();
  const isSummer = ms >= lastSundayOf(year, 2) && ms < lastSundayOf(year, 9);
  return isSummer ? 2 : 1;
}

/** At 01:00 UTC. Both months have 31 days. */
function lastSundayOf(year: number, month: number): number {
  const last = new Date(Date.UTC(year, month, 31, 1));
  return last.getTime() - last.getUTCDay() * DAY_MS;
}

/** Of a midnight there; clocks change later in the night. */
function fromLocal(midnight: number): number {
  const asInSummer = midnight - 2 * HOUR_MS;
  return hoursAhead(asInSummer) === 2 ? asInSummer : midnight - HOUR_MS;
}
