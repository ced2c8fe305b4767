import { hostname } from 'node:os';
import { z } from 'zod';
import { field, readEnvironment, SERVICE_ENVIRONMENT } from '@stuiver/service';

const Credential = z.string().min(32);

const ENVIRONMENT = {
  ...SERVICE_ENVIRONMENT,
  LEDGER_CREDENTIAL_ORDER: Credential.describe('the secret by which Order calls'),
  LEDGER_CREDENTIAL_PAYOUT: Credential.describe('the secret by which Payout calls'),
  LEDGER_ADDRESS: z
    .url()
    .optional()
    .describe('origin at which the other ledgers reach this one; by default its host and port'),
  STUIVER_DATA_DIR: field.text
    .optional()
    .describe('where the keys are: without it, no checkpoints and no receipts'),
  STUIVER_CRASH_AT: field.text.optional().describe('sandbox only: a named point to die at'),
} as const;

export type LedgerConfig = ReturnType<typeof readConfig>;

const EVERY_ADDRESS = new Set(['0.0.0.0', '::']);

/** Where the other ledger processes of these books reach this one. */
export function addressOf({ LEDGER_ADDRESS, STUIVER_HOST, PORT }: LedgerConfig): string {
  const host = EVERY_ADDRESS.has(STUIVER_HOST) ? hostname() : STUIVER_HOST;
  return LEDGER_ADDRESS ?? `http://${host.includes(':') ? `[${host}]` : host}:${String(PORT)}`;
}

/** @throws EnvironmentProblem naming each variable that is wrong. */
export function readConfig(environment: NodeJS.ProcessEnv) {
  return readEnvironment(environment, ENVIRONMENT);
}
