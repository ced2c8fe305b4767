import { readFileSync } from 'node:fs';
import { z } from 'zod';

const PORT_MAX = 65_535;

/** An absent variable and an empty one are the same: `PORT= node main.js` means the default. */
export const field = {
  text: z.string().trim().min(1),
  port: z.coerce.number().int().min(0).max(PORT_MAX),
  /** `a:1,b:2` */
  list: z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(z.string().min(1)).min(1)),
} as const;

/** What every service of a cluster is told by its environment. */
export const SERVICE_ENVIRONMENT = {
  PORT: field.port.describe('where it listens'),
  STUIVER_HOST: field.text.default('127.0.0.1').describe('address to listen on'),
  DATABASE_URL: z.url().describe('PostgreSQL, as the role of this service'),
  BUS_DATABASE_URL: z
    .url()
    .describe('PostgreSQL, as the role stuiver_bus: letters that no one could read'),
  KAFKA_BROKERS: field.list.describe('host:port, separated by commas'),
  STUIVER_REPLICA: field.text.default('1').describe('which of several this one is'),
  STUIVER_MONEY: z.enum(['sandbox', 'live']).describe('whose money it is'),
  STUIVER_MONEY_MODE: z
    .enum(['psp-held', 'self-held'])
    .default('self-held')
    .describe('who holds it'),
  STUIVER_LOG: z.enum(['info', 'warn', 'error', 'silent']).default('info').describe('log level'),
  OPERATOR_TOKEN: field.text.describe('the secret of whoever operates this installation'),
} as const;

/** What is wrong with the environment, for a person to mend. One line. */
export class EnvironmentProblem extends Error {
  override readonly name = 'EnvironmentProblem';
}

/**
 * The variables of `shape`, checked. A variable may also be given as a file: `OPERATOR_TOKEN_FILE` names one whose
 * content it is, as container secrets are.
 *
 * @throws EnvironmentProblem naming each variable that is wrong.
 */
export function readEnvironment<Shape extends z.ZodRawShape>(
  environment: NodeJS.ProcessEnv,
  shape: Shape,
): z.infer<z.ZodObject<Shape>> {
  const given = Object.fromEntries(
    Object.keys(shape).map((name) => [name, valueOf(environment, name)]),
  );
  const parsed = z.object(shape).safeParse(given);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new EnvironmentProblem(issues.join('; '));
}

function valueOf(environment: NodeJS.ProcessEnv, name: string): string | undefined {
  const file = environment[`${name}_FILE`];
  if (file !== undefined && file !== '') return contentOf(name, file);
  const value = environment[name];
  return value === '' ? undefined : value;
}

function contentOf(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw new EnvironmentProblem(`${name}_FILE: cannot be read`);
  }
}
