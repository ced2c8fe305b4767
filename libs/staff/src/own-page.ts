import type { FastifyRequest } from 'fastify';
import { Refusal } from '@stuiver/errors';
import { isSameSecret } from '@stuiver/http';

const LOOPBACK_HOST = /^(127\.0\.0\.1|localhost)(:\d{1,5})?$/;

export interface OwnPages {
  /** Origin of our pages. */
  readonly publicUrl: string;
  readonly sandbox: boolean;
}

/**
 * A browser sends our cookies whoever's page asked; what changes something must come from our own.
 *
 * @throws Refusal NOT_OUR_PAGE
 */
export function requireOwnPage(request: FastifyRequest, pages: OwnPages): void {
  const { origin, host = '' } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (origin === undefined ? site === 'same-origin' : origin === pages.publicUrl) return;
  const isLoopback = pages.sandbox && LOOPBACK_HOST.test(host);
  if (isLoopback && origin === `http://${host}`) return;
  throw new Refusal('NOT_OUR_PAGE', { field: 'Origin', rule: 'must be our own page' });
}

/** @throws Refusal NOT_OUR_PAGE unless `X-Csrf-Token` is the session's own */
export function requireCsrfToken(request: FastifyRequest, csrf: string): void {
  const given = request.headers['x-csrf-token'];
  if (typeof given === 'string' && isSameSecret(given, csrf)) return;
  throw new Refusal('NOT_OUR_PAGE', {
    field: 'X-Csrf-Token',
    rule: 'must be the csrfToken of /staff/me',
  });
}
