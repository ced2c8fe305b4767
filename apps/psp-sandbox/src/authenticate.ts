import type { FastifyRequest } from 'fastify';
import { StripeProblem } from './problem.js';

const KEY = 'sk_test_stuiver';
/** What a browser has: with a payment's client secret it may give that payment a card. */
const PUBLISHABLE_KEY = 'pk_test_stuiver';
/** Restricted keys, as one makes them in the dashboard: what each may call. */
const RESTRICTED: ReadonlyMap<string, RegExp> = new Map([
  [
    'rk_test_stuiver_order',
    allowed({
      GET: ['payment_intents', 'charges', 'refunds', 'disputes', 'balance', 'accounts'],
      POST: ['payment_intents', 'refunds', 'accounts', 'account_links'],
    }),
  ],
  [
    'rk_test_stuiver_payout',
    allowed({
      GET: [
        ...['balance', 'balance_transactions', 'payouts', 'charges', 'transfers'],
        ...['application_fees', 'accounts'],
      ],
      POST: ['payouts'],
    }),
  ],
]);
const OF_BROWSERS = /^POST \/v1\/payment_intents\/[^/]+\/confirm$/;

/**
 * Bearer, or Basic with the key as the user.
 *
 * @throws StripeProblem 401; 403 for what a restricted key may not call.
 */
export function authenticate(request: FastifyRequest): void {
  const key = keyIn(request.headers.authorization ?? '');
  if (key === PUBLISHABLE_KEY && isOfBrowsers(request)) return;
  const may = RESTRICTED.get(key);
  if (may !== undefined) {
    if (may.test(`${request.method} ${request.url}`)) return;
    throw forbidden(key);
  }
  if (key !== KEY) {
    const message = key === '' ? 'You did not provide an API key.' : 'Invalid API Key provided.';
    throw new StripeProblem(401, { type: 'invalid_request_error', message });
  }
}

/** Whether the caller has no secret key, and must know the payment's client secret. */
export function isPublic(request: FastifyRequest): boolean {
  return keyIn(request.headers.authorization ?? '') === PUBLISHABLE_KEY;
}

function isOfBrowsers({ method, url }: FastifyRequest): boolean {
  return OF_BROWSERS.test(`${method} ${url}`);
}

/** The connected account that the call is made for; null for the platform itself. */
export function accountIn(request: FastifyRequest): string | null {
  const account = request.headers['stripe-account'] ?? request.headers['stripe-context'];
  return account === undefined || account === '' ? null : String(account);
}

function keyIn(header: string): string {
  const [scheme = '', value = ''] = header.split(' ', 2);
  if (scheme.toLowerCase() === 'bearer') return value;
  if (scheme.toLowerCase() !== 'basic') return '';
  return Buffer.from(value, 'base64').toString().split(':', 1)[0] ?? '';
}

function allowed({ GET, POST }: { GET: readonly string[]; POST: readonly string[] }): RegExp {
  const calls = [`GET /v1/(?:${GET.join('|')})`, `POST /v1/(?:${POST.join('|')})`];
  return new RegExp(`^(?:${calls.join('|')})(?:[/?]|$)`);
}

function forbidden(key: string): StripeProblem {
  const shown = `${key.slice(0, 8)}${'*'.repeat(10)}${key.slice(-4)}`;
  const message = `The provided key '${shown}' does not have the required permissions for this endpoint.`;
  return new StripeProblem(403, { type: 'invalid_request_error', message });
}
