export const UPSTREAMS = ['order', 'ledger', 'payout'] as const;
export type Upstream = (typeof UPSTREAMS)[number];

interface Route {
  readonly path: RegExp;
  readonly to: Upstream;
}

/** Which service answers what; the first that fits. Everything else is Order's, its refusals included. */
const ROUTES: readonly Route[] = [
  { path: /^\/operator\/ledger(\/|$)/, to: 'ledger' },
  { path: /^\/ledger\/keys$/, to: 'ledger' },
  { path: /^\/operator\/(payouts|payees|settlement-links|reconciliation)(\/|$)/, to: 'payout' },
  { path: /^\/settlements(\/|$)/, to: 'payout' },
  { path: /^\/webhooks\/psp\/payout(\/|$)/, to: 'payout' },
  { path: /^\/console\/finance(\/|$)/, to: 'payout' },
  { path: /^\/console\/merchants\/[^/]+\/(settlements|payouts)(\/|$)/, to: 'payout' },
];

/** The doors between services, each replica's own health and figures: nothing for the street. */
const INSIDE = /^\/(internal|metrics|health)(\/|$)/;

/** @returns the service for a path; null when nobody outside may ask for it. */
export function upstreamOf(url: string): Upstream | null {
  // A target in absolute form would be read otherwise by the router behind.
  if (!url.startsWith('/')) return null;
  const path = pathOf(url);
  if (INSIDE.test(path)) return null;
  return ROUTES.find((route) => route.path.test(path))?.to ?? 'order';
}

/**
 * The path as a router would read it: whatever is written in the target, `//internal`, `/%69nternal` and
 * `/a/../internal` are the same address.
 */
function pathOf(url: string): string {
  const raw = url.split(/[?#]/, 1)[0] ?? '/';
  return new URL(decoded(raw).replaceAll(/\/{2,}/g, '/'), 'http://edge').pathname;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
