import { z } from 'zod';
import { type LedgerResult, LedgerResultSchema } from './ledger-result.js';

/** As many as one batch of the ledger takes. */
export const BULK_COMMANDS_MAX = 512;

/**
 * Why one command of a bulk has no result. `COMMAND_CONFLICT`: its id is used with other content. `SERVICE_UNAVAILABLE`:
 * it may be booked or not; submit it again. `facts` name field, rule and value.
 */
const BulkErrorSchema = z.strictObject({
  outcome: z.literal('error'),
  code: z.enum([
    'COMMAND_CONFLICT',
    'PARAM_ERROR',
    'NO_AUTH',
    'SERVICE_UNAVAILABLE',
    'SYSTEM_ERROR',
  ]),
  facts: z.record(z.string(), z.string()),
});
export type BulkError = Readonly<z.infer<typeof BulkErrorSchema>>;

/** What stands at one place of a bulk's answer: what `submit` would have answered, or why it would have thrown. */
export type BulkAnswer = LedgerResult | BulkError;

export const BulkAnswerSchema: z.ZodType<BulkAnswer> = z.discriminatedUnion('outcome', [
  LedgerResultSchema,
  BulkErrorSchema,
]);
