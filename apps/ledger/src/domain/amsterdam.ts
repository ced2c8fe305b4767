/** The days and months of Europe/Amsterdam, as instants. A day there has 23, 24 or 25 hours. */
export interface Period {
  readonly startMs: number;
  /** The first moment that is no longer of it. */
  readonly endMs: number;
}

/**
 * Clocks there change at 01:00 UTC, so at midnight of any day they stand as they did an hour and a half before what
 * UTC calls midnight, whichever of the two offsets it is.
 */
const BEFORE_MIDNIGHT_MS = 5_400_000;

const LOCAL = new Intl.DateTimeFormat('en', {
  timeZone: 'Europe/Amsterdam',
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
});

export function dayOf(ms: number): Period {
  const { year, month, day } = localOf(ms);
  return { startMs: midnightOf(year, month, day), endMs: midnightOf(year, month, day + 1) };
}

export function monthOf(ms: number): Period {
  const { year, month } = localOf(ms);
  return { startMs: midnightOf(year, month, 1), endMs: midnightOf(year, month + 1, 1) };
}

interface Local {
  readonly year: number;
  /** From 0. */
  readonly month: number;
  readonly day: number;
  /** How far the clocks there are ahead of UTC. */
  readonly aheadMs: number;
}

function localOf(ms: number): Local {
  const parts = new Map(LOCAL.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  const [year, month, day] = [part('year'), part('month') - 1, part('day')];
  const wall = Date.UTC(year, month, day, part('hour'), part('minute'), part('second'));
  return { year, month, day, aheadMs: wall - Math.floor(ms / 1_000) * 1_000 };
}

function midnightOf(year: number, month: number, day: number): number {
  const utc = Date.UTC(year, month, day);
  return utc - localOf(utc - BEFORE_MIDNIGHT_MS).aheadMs;
}
