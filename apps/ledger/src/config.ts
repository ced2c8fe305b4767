import { z } from 'zod';
import { field, readEnvironment, SERVICE_ENVIRONMENT } from '@stuiver/service';

const Credential = z.string().min(32);

const ENVIRONMENT = {
  ...SERVICE_ENVIRONMENT,
  LEDGER_CREDENTIAL_ORDER: Credential.describe('the secret by which Order calls'),
  LEDGER_CREDENTIAL_PAYOUT: Credential.describe('the secret by which Payout calls'),
  STUIVER_CRASH_AT: field.text.optional().describe('sandbox only: a named point to die at'),
} as const;

export type LedgerConfig = ReturnType<typeof readConfig>;

/** @throws EnvironmentProblem naming each variable that is wrong. */
export function readConfig(environment: NodeJS.ProcessEnv) {
  return readEnvironment(environment, ENVIRONMENT);
}
