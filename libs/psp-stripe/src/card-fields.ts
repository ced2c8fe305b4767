import type { CardFields } from '@stuiver/psp';

/** Source: https://docs.stripe.com/js/including. It may be loaded from there only. */
const SCRIPT_URL = 'https://js.stripe.com/v3/';

/** Stripe's own script, or at the sandbox the one that looks like it. */
export function stripeCardFields(of: { publishableKey: string; apiBase: URL | null }): CardFields {
  const { publishableKey, apiBase } = of;
  return {
    publishableKey,
    scriptUrl: apiBase === null ? SCRIPT_URL : new URL('/v3/stripe.js', apiBase).href,
  };
}

/**
 * What a page with Stripe's fields may load, as sources of a content security policy.
 *
 * Source: https://docs.stripe.com/security/guide#content-security-policy.
 */
export function stripeCardSources(apiBase: URL | null): {
  script: string;
  frame: string;
  connect: string;
} {
  if (apiBase !== null) {
    return { script: apiBase.origin, frame: apiBase.origin, connect: apiBase.origin };
  }
  const own = 'https://js.stripe.com https://*.js.stripe.com';
  return {
    script: own,
    frame: `${own} https://hooks.stripe.com`,
    connect: 'https://api.stripe.com',
  };
}
