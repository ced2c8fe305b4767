import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { languageOf } from '../page-shell.js';
import { fieldsPage } from './fields-script.js';
import { STRIPE_SCRIPT } from './stripe-script.js';

/** The card fields that a page of a host loads, and the script that puts them there. */
export function fieldsPages(server: FastifyInstance): void {
  server.get('/v3/stripe.js', (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send(STRIPE_SCRIPT),
  );
  server.get('/v3/', (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send(STRIPE_SCRIPT),
  );
  server.get('/v3/fields', (request, reply) => {
    const { locale } = request.query as { locale?: string };
    const asked = locale === undefined || locale === 'auto' ? undefined : locale;
    const language = languageOf(asked ?? request.headers['accept-language']);
    const nonce = randomBytes(16).toString('base64');
    return reply
      .headers({
        'content-security-policy': `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; connect-src 'self'`,
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      })
      .type('text/html; charset=utf-8')
      .send(fieldsPage(language, nonce));
  });
}
