import Stripe from 'stripe';
import type { Clock } from '@stuiver/ports';
import { StripeGate } from './stripe-gate.js';

export interface StripeOptions {
  readonly secretKey: string;
  /** Of the endpoint whose messages are read here; two, separated by a comma, while it is changed. */
  readonly webhookSecret: string;
  /** Null: Stripe itself. The sandbox's address otherwise. */
  readonly apiBase: URL | null;
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Shared by everything in a process that speaks to this account. */
  readonly gate?: StripeGate;
}

/** Below what Stripe allows, so that a person with the same key gets through too. */
const LIVE_PER_SECOND = 80;
const TEST_PER_SECOND = 20;
/** The sandbox answers everybody. */
const SANDBOX_PER_SECOND = 1_000;

/** The gate that these options call for. */
export function stripeGate({
  secretKey,
  apiBase,
}: Pick<StripeOptions, 'secretKey' | 'apiBase'>): StripeGate {
  if (apiBase !== null) return new StripeGate({ callsPerSecond: SANDBOX_PER_SECOND });
  const isLive = /^[rs]k_live_/.test(secretKey);
  return new StripeGate({ callsPerSecond: isLive ? LIVE_PER_SECOND : TEST_PER_SECOND });
}

/** Stripe's own client, at Stripe or at the sandbox. */
export function stripeClient(
  { apiBase, secretKey, timeoutMs, gate }: StripeOptions & { readonly gate: StripeGate },
  maxNetworkRetries: number,
): Stripe {
  const stripe = new Stripe(secretKey, {
    timeout: timeoutMs,
    telemetry: false,
    maxNetworkRetries,
    httpClient: gate.transport(),
    ...(apiBase === null ? {} : addressOf(apiBase)),
  });
  gate.probeWith(() => stripe.balance.retrieve({}, { maxNetworkRetries: 0 }));
  return stripe;
}

function addressOf(base: URL): { host: string; port: number; protocol: 'http' | 'https' } {
  const protocol = base.protocol === 'http:' ? 'http' : 'https';
  const standard = protocol === 'http' ? 80 : 443;
  return { host: base.hostname, port: base.port === '' ? standard : Number(base.port), protocol };
}
