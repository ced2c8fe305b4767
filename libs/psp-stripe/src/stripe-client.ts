import Stripe from 'stripe';
import type { Clock } from '@stuiver/ports';

export interface StripeOptions {
  readonly secretKey: string;
  /** Of the endpoint whose messages are read here; two, separated by a comma, while it is changed. */
  readonly webhookSecret: string;
  /** Null: Stripe itself. The sandbox's address otherwise. */
  readonly apiBase: URL | null;
  readonly clock: Clock;
  readonly timeoutMs: number;
}

/** Stripe's own client, at Stripe or at the sandbox. */
export function stripeClient(
  { apiBase, secretKey, timeoutMs }: StripeOptions,
  maxNetworkRetries: number,
): Stripe {
  return new Stripe(secretKey, {
    timeout: timeoutMs,
    telemetry: false,
    maxNetworkRetries,
    ...(apiBase === null ? {} : addressOf(apiBase)),
  });
}

function addressOf(base: URL): { host: string; port: number; protocol: 'http' | 'https' } {
  const protocol = base.protocol === 'http:' ? 'http' : 'https';
  const standard = protocol === 'http' ? 80 : 443;
  return { host: base.hostname, port: base.port === '' ? standard : Number(base.port), protocol };
}
