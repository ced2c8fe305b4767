import { type LedgerCommand, LedgerCommandSchema } from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';

/** @throws Refusal PARAM_ERROR naming the first field that is wrong, and its rule. */
export function toCommand(value: unknown): LedgerCommand {
  const parsed = LedgerCommandSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Refusal('PARAM_ERROR', {
    field: issue?.path.join('.') ?? 'body',
    rule: issue?.message ?? 'is no command',
    value: '',
    location: 'body',
  });
}
