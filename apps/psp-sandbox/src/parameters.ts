import { parse } from 'qs';
import { z } from 'zod';
import { invalid, type StripeProblem } from './problem.js';

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
  throw worded(parsed.error.issues[0], given);
}

function worded(issue: z.core.$ZodIssue | undefined, given: unknown): StripeProblem {
  const path = issue?.path.map(String) ?? [];
  if (issue?.code === 'unrecognized_keys') {
    const param = bracketed([...path, issue.keys[0] ?? '']);
    return invalid(`Received unknown parameter: ${param}`, { code: 'parameter_unknown', param });
  }
  const param = bracketed(path);
  const value = valueAt(given, path);
  if (value === undefined) {
    return invalid(`Missing required param: ${param}.`, { code: 'parameter_missing', param });
  }
  if (value === '') {
    return invalid(
      `You passed an empty string for '${param}'. We assume empty values are an attempt to unset ` +
        `a parameter; however '${param}' cannot be unset.`,
      { code: 'parameter_invalid_empty', param },
    );
  }
  return invalid(`Invalid ${param}: ${issue?.message ?? 'not allowed'}`, {
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

/** An empty value means that it is not set. */
export function orUnset<Shape extends z.ZodType>(schema: Shape) {
  return z.preprocess((value) => (value === '' ? undefined : value), schema.optional());
}

const WholeNumber = z
  .string()
  .regex(/^-?\d{1,15}$/, 'must be an integer')
  .transform(Number);
/** Stripe takes eight digits. */
const AMOUNT_MAX = 99_999_999;
export const Amount = WholeNumber.refine((value) => value >= 1, 'must be at least 1').refine(
  (value) => value <= AMOUNT_MAX,
  `must be no more than ${AMOUNT_MAX}`,
);
export const Flag = z.enum(['true', 'false']).transform((value) => value === 'true');
/** 50 keys of 40 characters with values of 500, as the API documents. */
export const Metadata = z
  .record(z.string().min(1).max(40), z.string().max(500))
  .refine((entries) => Object.keys(entries).length <= 50, 'must have at most 50 keys');
export const Expand = z.array(z.string()).optional();

/** A metadata value that is empty deletes its key; metadata that is empty deletes all. */
export function mergeMetadata(
  old: Readonly<Record<string, string>>,
  asked: Readonly<Record<string, string>> | '' | undefined,
): Record<string, string> {
  if (asked === '') return {};
  const merged = { ...old, ...asked };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ''));
}

const Seconds = WholeNumber.optional();
const Created = z
  .union([
    WholeNumber.transform((at) => ({ gte: at, lte: at })),
    z.strictObject({ gt: Seconds, gte: Seconds, lt: Seconds, lte: Seconds }),
  ])
  .optional();
export const Limit = WholeNumber.pipe(z.number().int().min(1).max(100)).default(10);
/** What every list takes. */
export const Page = {
  limit: Limit,
  starting_after: z.string().optional(),
  ending_before: z.string().optional(),
  created: Created,
  expand: Expand,
};
