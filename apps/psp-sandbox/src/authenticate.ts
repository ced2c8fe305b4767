import type { FastifyRequest } from 'fastify';
import { StripeProblem } from './problem.js';

const KEY = 'sk_test_stuiver';

/**
 * Bearer, or Basic with the key as the user.
 *
 * @throws StripeProblem 401.
 */
export function authenticate(request: FastifyRequest): void {
  const key = keyIn(request.headers.authorization ?? '');
  if (key !== KEY) {
    const message = key === '' ? 'You did not provide an API key.' : 'Invalid API Key provided.';
    throw new StripeProblem(401, { type: 'invalid_request_error', message });
  }
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
