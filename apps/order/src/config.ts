import { z } from 'zod';
import { field, readEnvironment, SERVICE_ENVIRONMENT } from '@stuiver/service';

const FEE_BASIS_POINTS = '140';
const FEE_FIXED_MINOR = 5n;

const ENVIRONMENT = {
  ...SERVICE_ENVIRONMENT,
  PEOPLE_DATABASE_URL: z.url().describe('PostgreSQL, as the role stuiver_people'),
  PUBLIC_URL: z.url().describe('where payers reach the pages'),
  FRAME_HOST_SUFFIX: field.text.describe('a mini-program is at http(s)://{appid} + this'),
  STUIVER_DATA_DIR: field.text.describe('keys; in the sandbox also the demo'),
  LEDGER_URLS: field.list.describe('origins of the ledger’s replicas, separated by commas'),
  LEDGER_CREDENTIAL: field.text.describe('the secret by which Order calls the ledger'),
  STRIPE_SECRET_KEY: field.text.describe('may take payments in and refund them'),
  STRIPE_PUBLISHABLE_KEY: field.text
    .optional()
    .describe('lets payers type a card in Stripe’s fields; absent: no cards'),
  STRIPE_WEBHOOK_SECRET_ORDER: field.text.describe('signs what the PSP tells Order'),
  STRIPE_API_BASE: z.url().optional().describe('sandbox only: where the PSP is instead'),
  STAFF_KEY: z
    .string()
    .length(43)
    .describe('32 bytes as base64url, of all services: staff cookies'),
  OIDC_ISSUER: z.url().optional().describe('where staff sign in; absent: here, with a password'),
  OIDC_CLIENT_ID: field.text.optional().describe('what that provider calls us'),
  OIDC_CLIENT_SECRET: field.text.optional().describe('our secret there'),
  MAIL_URL: z.url().optional().describe('smtp://…; absent: the mailbox of the sandbox'),
  MAIL_FROM: field.text.optional().describe('such as Stuiver <noreply@pay.example>'),
  RISK_LIMITS: field.text.optional().describe('when a payment is looked at first'),
  INVOICE_FROM: field.text.optional().describe('name, address and VAT number on invoices'),
  FEE_BASIS_POINTS: field.text.default(FEE_BASIS_POINTS).describe('of each payment'),
  FEE_FIXED_MINOR: z.coerce.bigint().default(FEE_FIXED_MINOR).describe('cents per payment'),
  STUIVER_CRASH_AT: field.text.optional().describe('sandbox only: a named point to die at'),
} as const;

export type OrderConfig = ReturnType<typeof readConfig>;

/** @throws EnvironmentProblem naming each variable that is wrong. */
export function readConfig(environment: NodeJS.ProcessEnv) {
  return readEnvironment(environment, ENVIRONMENT);
}
