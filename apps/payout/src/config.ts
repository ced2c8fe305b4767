import { z } from 'zod';
import { field, readEnvironment, SERVICE_ENVIRONMENT } from '@stuiver/service';

const KEY_CHARACTERS = 43;

const ENVIRONMENT = {
  ...SERVICE_ENVIRONMENT,
  PUBLIC_URL: z.url().describe('where staff reach the pages'),
  STAFF_KEY: z
    .string()
    .length(KEY_CHARACTERS)
    .describe('32 bytes as base64url, of all services: staff cookies'),
  STUIVER_DATA_DIR: field.text.describe('keys, and the exported files for the bank'),
  LEDGER_URLS: field.list.describe('origins of the ledger’s replicas, separated by commas'),
  LEDGER_CREDENTIAL: field.text.describe('the secret by which Payout calls the ledger'),
  STRIPE_SECRET_KEY: field.text.describe('may read balances and pay out'),
  STRIPE_WEBHOOK_SECRET_PAYOUT: field.text.describe('signs what the PSP tells Payout'),
  STRIPE_API_BASE: z.url().optional().describe('sandbox only: where the PSP is instead'),
  DEBTOR_NAME: field.text.describe('whose account pays, as the bank knows it'),
  DEBTOR_IBAN: field.text.describe('the account that pays'),
  STUIVER_PAYOUT_PREFUNDING: z
    .enum(['allowed', 'approved'])
    .optional()
    .describe('whether a batch may exceed the paying account’s balance; live: approved'),
  STUIVER_CRASH_AT: field.text.optional().describe('sandbox only: a named point to die at'),
} as const;

export type PayoutConfig = ReturnType<typeof readConfig>;

/** @throws EnvironmentProblem naming each variable that is wrong. */
export function readConfig(environment: NodeJS.ProcessEnv) {
  return readEnvironment(environment, ENVIRONMENT);
}
