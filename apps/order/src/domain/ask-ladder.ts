const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** How long to wait before asking "what happened?" again; the last rung repeats. */
const LADDER_MS = [15 * SECOND_MS, MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS] as const;

const FAR = new Date(8.64e15);

/** Unknown for this long, and a person is told; asking goes on. */
export const UNKNOWN_MS_MAX = 24 * HOUR_MS;

/**
 * When to ask next, after `askedCount` questions were asked.
 *
 * @param atLatest  a moment that must not be slept through, such as the order's expiry; ignored once it is past.
 */
export function nextAskAt(now: Date, askedCount: number, atLatest: Date = FAR): Date {
  const wait = LADDER_MS[Math.min(askedCount, LADDER_MS.length - 1)] ?? HOUR_MS;
  const next = now.getTime() + wait;
  const latest = atLatest.getTime();
  return new Date(latest > now.getTime() ? Math.min(next, latest) : next);
}
