import { z } from 'zod';
import { BankTerms, PspTerms } from './terms.js';

const Webhooks = z.array(
  z.strictObject({
    url: z.url(),
    secret: z.string().min(8),
    /** All of them, or some by name; `payout.*` is every one that begins so. */
    events: z.array(z.string().min(1)).min(1).default(['*']),
    /** True: of connected accounts, and of nothing else. */
    connect: z.boolean().default(false),
  }),
);
const json = <Shape extends z.ZodType>(shape: Shape, standard: string) =>
  z
    .string()
    .default(standard)
    .transform((text, context) => parsedJson(text, context))
    .pipe(shape);

const Environment = z.object({
  SANDBOX_PORT: z.coerce.number().int().min(0).max(65_535),
  SANDBOX_DATABASE_URL: z.url(),
  SANDBOX_PUBLIC_URL: z.url().optional(),
  SANDBOX_WEBHOOKS: json(Webhooks, '[]'),
  SANDBOX_PSP: json(PspTerms, '{}'),
  SANDBOX_BANK: json(BankTerms, '{}'),
});

export interface SandboxConfig {
  readonly port: number;
  readonly databaseUrl: string;
  /** Where payers reach the bank page; by default the address it listens on. */
  readonly publicUrl: string | undefined;
  readonly webhooks: z.infer<typeof Webhooks>;
  readonly psp: PspTerms;
  readonly bank: BankTerms;
}

/** @throws Error naming each variable that is wrong, a line for each. */
export function readConfig(environment: NodeJS.ProcessEnv): SandboxConfig {
  const parsed = Environment.safeParse(environment);
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new Error(lines.join('\n'));
  }
  const values = parsed.data;
  return {
    port: values.SANDBOX_PORT,
    databaseUrl: values.SANDBOX_DATABASE_URL,
    publicUrl: values.SANDBOX_PUBLIC_URL,
    webhooks: values.SANDBOX_WEBHOOKS,
    psp: values.SANDBOX_PSP,
    bank: values.SANDBOX_BANK,
  };
}

function parsedJson(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'must be JSON' });
    return z.NEVER;
  }
}
