import { parse } from 'qs';
import { z } from 'zod';
import { invalid } from './problem.js';

const NESTING_MAX = 6;
const PARAMETERS_MAX = 1_000;

/** Stripe's form encoding: `a[b]=1`, `expand[0]=x` or `expand[]=x`; an empty value means "unset". */
export function parseForm(text: string): Record<string, unknown> {
  return parse(text, {
    depth: NESTING_MAX,
    parameterLimit: PARAMETERS_MAX,
    arrayLimit: 100,
    plainObjects: false,
  });
}

/** Checks parameters as Stripe words it: which one is missing, unknown or wrong. */
export function check<Shape extends z.ZodType>(schema: Shape, given: unknown): z.infer<Shape> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.map(String) ?? [];
  if (issue?.code === 'unrecognized_keys') {
    const param = bracketed([...path, issue.keys[0] ?? '']);
    throw invalid(`Received unknown parameter: ${param}`, { code: 'parameter_unknown', param });
  }
  const param = bracketed(path);
  if (valueAt(given, path) === undefined) {
    throw invalid(`Missing required param: ${param}.`, { code: 'parameter_missing', param });
  }
  throw invalid(`Invalid ${param}: ${issue?.message ?? 'not allowed'}`, {
    code: 'parameter_invalid',
    param,
  });
}

function bracketed([first = '', ...rest]: readonly string[]): string {
  return first + rest.map((part) => `[${part}]`).join('');
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined,
    value,
  );
}

const WholeNumber = z
  .string()
  .regex(/^-?\d{1,15}$/, 'must be an integer')
  .transform(Number);
export const Amount = WholeNumber.refine((value) => value >= 1, 'must be at least 1');
export const Flag = z.enum(['true', 'false']).transform((value) => value === 'true');
/** 50 keys of 40 characters with values of 500, as the API documents. */
export const Metadata = z
  .record(z.string().min(1).max(40), z.string().max(500))
  .refine((entries) => Object.keys(entries).length <= 50, 'must have at most 50 keys');
export const Expand = z.array(z.string()).optional();
export const Page = {
  limit: WholeNumber.pipe(z.number().int().min(1).max(100)).optional(),
  starting_after: z.string().optional(),
  ending_before: z.string().optional(),
  expand: Expand,
};
