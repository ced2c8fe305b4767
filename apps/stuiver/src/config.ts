import { isIP } from 'node:net';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { MoneyMode } from '@stuiver/contracts';
import type { OidcOptions } from '@stuiver/order';
import { field } from '@stuiver/service';
import { type LiveFacts, liveObjections, isLiveKey, type StripeKeys } from './live-objections.js';

const port = (standard: number) => z.coerce.number().int().min(0).max(65_535).default(standard);
const text = z.string().trim().min(1);

/** Every environment variable we read, with what it means; `stuiver doctor` prints this list. */
const Environment = z.object({
  PORT: port(8080).describe('API and pages'),
  SANDBOX_PORT: port(8090).describe('the PSP sandbox'),
  DEMO_PORT: port(8091).describe("the demo café's own server"),
  STUIVER_HOST: text.default('127.0.0.1').describe('address to listen on'),
  PUBLIC_URL: z.url().optional().describe('where payers reach the pages'),
  STUIVER_DATA_DIR: text.default('.data').describe('everything that must survive'),
  DATABASE_URL: z.url().optional().describe('a PostgreSQL of yours, 15 or newer'),
  STUIVER_MODE: z
    .enum(['embedded', 'cluster'])
    .default('embedded')
    .describe('how the services are run'),
  KAFKA_BROKERS: field.list.optional().describe('cluster only: a Kafka of yours, host:port,…'),
  STUIVER_MONEY: z.enum(['sandbox', 'live']).optional().describe('sandbox on loopback only'),
  STUIVER_MONEY_MODE: z
    .enum(['psp-held', 'self-held'])
    .optional()
    .describe('who holds the money; live must say, the sandbox is self-held'),
  STUIVER_PAYOUT_PREFUNDING: z
    .enum(['allowed', 'approved'])
    .optional()
    .describe('a payout batch above the bank’s balance; live: approved, by another person'),
  STUIVER_FILE_KEYS: z
    .literal('confirmed')
    .optional()
    .describe('live: keys in files are meant, and backed up'),
  STRIPE_SECRET_KEY: text
    .optional()
    .describe('for both services, where they have none of their own; absent: the PSP sandbox'),
  STRIPE_SECRET_KEY_ORDER: text
    .optional()
    .describe('a restricted key that takes payments in and refunds them; live must say'),
  STRIPE_SECRET_KEY_PAYOUT: text
    .optional()
    .describe('a restricted key that reads balances and pays out; live must say'),
  STRIPE_PUBLISHABLE_KEY: text
    .optional()
    .describe('lets payers type a card in Stripe’s own fields; absent: no cards'),
  STRIPE_WEBHOOK_SECRET_ORDER: text
    .optional()
    .describe('signs what the PSP tells Order; two, by comma, while it changes'),
  STRIPE_WEBHOOK_SECRET_PAYOUT: text
    .optional()
    .describe('signs what the PSP tells Payout; two, by comma, while it changes'),
  OIDC_ISSUER: z.url().optional().describe('where staff sign in; absent: here, with a password'),
  OIDC_CLIENT_ID: text.optional().describe('what that provider calls us'),
  OIDC_CLIENT_SECRET: text.optional().describe('our secret there'),
  MAIL_URL: z
    .url({ protocol: /^smtps?$/ })
    .optional()
    .describe('smtp://…; absent: /sandbox/mail'),
  MAIL_FROM: text.optional().describe('such as Stuiver <noreply@pay.example>'),
  RISK_LIMITS: text
    .optional()
    .describe(
      'when a payment is looked at first; none, or such as person-attempts=20,new-payee=50000',
    ),
  INVOICE_FROM: text.optional().describe('name, address and VAT number on fee invoices'),
  STUIVER_CRASH_AT: text.optional().describe('sandbox only: a named point to die at'),
  STUIVER_LOG: z.enum(['info', 'warn', 'error', 'silent']).default('warn').describe('log level'),
});

export interface Config {
  readonly port: number;
  readonly sandboxPort: number;
  readonly demoPort: number;
  readonly host: string;
  readonly publicUrl: string | undefined;
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  readonly mode: 'embedded' | 'cluster';
  readonly kafkaBrokers: readonly string[] | undefined;
  readonly sandbox: boolean;
  readonly moneyMode: MoneyMode;
  readonly prefunding: 'allowed' | 'approved';
  /** Undefined: the PSP sandbox. */
  readonly stripeKeys: StripeKeys | undefined;
  readonly stripePublishableKey: string | undefined;
  readonly stripeWebhookSecret: string | undefined;
  readonly stripeWebhookSecretPayout: string | undefined;
  readonly oidc: OidcOptions | undefined;
  readonly mailUrl: string | undefined;
  readonly mailFrom: string | undefined;
  readonly invoiceFrom: string | undefined;
  readonly riskLimits: string | undefined;
  readonly crashAt: string | undefined;
  readonly logLevel: 'info' | 'warn' | 'error' | 'silent';
}

/** What is wrong with the environment, for a person to mend. One line. */
export class ConfigProblem extends Error {
  override readonly name = 'ConfigProblem';
}

/** @throws ConfigProblem naming the variable and the rule. */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  // An empty variable is an absent one: `PORT= npm start` means the default.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(given);
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigProblem(issues.join('; '));
  }
  const values = parsed.data;
  const sandbox = isSandbox(values);
  if (!sandbox && values.STUIVER_CRASH_AT !== undefined) {
    throw new ConfigProblem('STUIVER_CRASH_AT is for the sandbox only');
  }
  return {
    port: values.PORT,
    sandboxPort: values.SANDBOX_PORT,
    demoPort: values.DEMO_PORT,
    host: values.STUIVER_HOST,
    publicUrl: values.PUBLIC_URL?.replace(/\/$/, ''),
    dataDir: resolve(values.STUIVER_DATA_DIR),
    databaseUrl: values.DATABASE_URL,
    mode: values.STUIVER_MODE,
    kafkaBrokers: values.KAFKA_BROKERS,
    sandbox,
    moneyMode: values.STUIVER_MONEY_MODE ?? 'self-held',
    prefunding: values.STUIVER_PAYOUT_PREFUNDING ?? (sandbox ? 'allowed' : 'approved'),
    stripeKeys: stripeKeysOf(values),
    stripePublishableKey: values.STRIPE_PUBLISHABLE_KEY,
    stripeWebhookSecret: values.STRIPE_WEBHOOK_SECRET_ORDER,
    stripeWebhookSecretPayout: values.STRIPE_WEBHOOK_SECRET_PAYOUT,
    oidc: oidcOf(values),
    mailUrl: values.MAIL_URL,
    mailFrom: values.MAIL_FROM,
    invoiceFrom: values.INVOICE_FROM,
    riskLimits: values.RISK_LIMITS,
    crashAt: values.STUIVER_CRASH_AT,
    logLevel: values.STUIVER_LOG,
  };
}

/** All three or none. */
function oidcOf(values: z.infer<typeof Environment>): OidcOptions | undefined {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: secret } = values;
  if (issuer === undefined && clientId === undefined && secret === undefined) return undefined;
  if (issuer === undefined || clientId === undefined || secret === undefined) {
    throw new ConfigProblem(
      'OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET: give all three, or none',
    );
  }
  if (!issuer.startsWith('https:') && !isLoopback(new URL(issuer).hostname)) {
    throw new ConfigProblem('OIDC_ISSUER: must be an https address');
  }
  return { issuer, clientId, clientSecret: secret };
}

/** Sandbox is the default only where nobody else can reach us, and never together with a live key. */
function isSandbox(values: z.infer<typeof Environment>): boolean {
  const wanted = values.STUIVER_MONEY ?? (isLoopback(values.STUIVER_HOST) ? 'sandbox' : undefined);
  if (wanted === undefined) {
    throw new ConfigProblem(
      'STUIVER_MONEY: say "sandbox" or "live" when STUIVER_HOST is not a loopback address',
    );
  }
  if (wanted === 'live') {
    needLive(values);
    return false;
  }
  const keys = stripeKeysOf(values);
  if (keys === undefined) return true;
  if (isLiveKey(keys.order) || isLiveKey(keys.payout)) {
    throw new ConfigProblem('STRIPE_SECRET_KEY: a live key is refused in the sandbox');
  }
  if (values.STRIPE_WEBHOOK_SECRET_ORDER === undefined) {
    throw new ConfigProblem('STRIPE_WEBHOOK_SECRET_ORDER: needed with STRIPE_SECRET_KEY');
  }
  return true;
}

/** @throws ConfigProblem when one service has a key and the other none. */
function stripeKeysOf(values: z.infer<typeof Environment>): StripeKeys | undefined {
  const order = values.STRIPE_SECRET_KEY_ORDER ?? values.STRIPE_SECRET_KEY;
  const payout = values.STRIPE_SECRET_KEY_PAYOUT ?? values.STRIPE_SECRET_KEY;
  if (order === undefined && payout === undefined) return undefined;
  if (order !== undefined && payout !== undefined) return { order, payout };
  const missing = order === undefined ? 'ORDER' : 'PAYOUT';
  throw new ConfigProblem(`STRIPE_SECRET_KEY_${missing}: the other service has a key of its own`);
}

function needLive(values: z.infer<typeof Environment>): void {
  const [first, ...more] = liveObjections(liveFactsOf(values));
  if (first === undefined) return;
  const others = more.length === 0 ? '' : `, and ${String(more.length)} more`;
  throw new ConfigProblem(
    `STUIVER_MONEY: "live" is refused: ${first.what}${others}; "stuiver doctor --live" lists each with its fix`,
  );
}

/** What going live would be judged by, whatever the environment says now; for `doctor --live`. */
export function readLiveFacts(environment: NodeJS.ProcessEnv): LiveFacts {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(given);
  if (!parsed.success) throw new ConfigProblem(parsed.error.message);
  return liveFactsOf(parsed.data);
}

function liveFactsOf(values: z.infer<typeof Environment>): LiveFacts {
  return {
    moneyMode: values.STUIVER_MONEY_MODE,
    publicUrl: values.PUBLIC_URL,
    databaseUrl: values.DATABASE_URL,
    stripeKeys: stripeKeysOf(values),
    stripeWebhookSecretOrder: values.STRIPE_WEBHOOK_SECRET_ORDER,
    stripeWebhookSecretPayout: values.STRIPE_WEBHOOK_SECRET_PAYOUT,
    mailUrl: values.MAIL_URL,
    prefunding: values.STUIVER_PAYOUT_PREFUNDING ?? 'approved',
    fileKeysConfirmed: values.STUIVER_FILE_KEYS === 'confirmed',
    crashAt: values.STUIVER_CRASH_AT,
    hasDemoData: existsSync(join(resolve(values.STUIVER_DATA_DIR), 'demo')),
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** Name, meaning and default of each variable, for `doctor`. */
export function describeConfig(): readonly { name: string; meaning: string }[] {
  return Object.entries(Environment.shape).map(([name, field]) => ({
    name,
    meaning: field.description ?? '',
  }));
}
