import { z } from 'zod';
import { type LedgerCommand, LedgerCommandSchema } from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';
import { parseJsonObject } from '@stuiver/http';
import { acceptCommand, acceptVoid, type AcceptedCommand } from '../../use-cases/accept-command.js';

/** 512 commands of half a kilobyte, and room for those that name many accounts. */
export const BULK_BYTES_MAX = 2 * 1_024 * 1_024;

const Void = z.strictObject({ kind: z.literal('void'), id: z.string() });

/** @throws Refusal PARAM_ERROR naming the first field that is wrong, and its rule. */
export function toCommand(value: unknown): LedgerCommand {
  const parsed = LedgerCommandSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw wrong(issue?.path.join('.') ?? 'body', issue?.message ?? 'is no command');
}

/** What one ledger process passes on to another: a command, or the void of an id. @throws Refusal PARAM_ERROR. */
export function toAccepted(value: unknown): AcceptedCommand {
  const asVoid = Void.safeParse(value);
  return asVoid.success ? acceptVoid(asVoid.data.id) : acceptCommand(toCommand(value));
}

/** The list of `{"commands": […]}`, unread. @throws Refusal PARAM_ERROR. */
export function listIn(body: Buffer): readonly unknown[] {
  const { commands, ...others } = parseJsonObject(body);
  const [strange] = Object.keys(others);
  if (strange !== undefined) throw wrong(strange, 'is not a known field');
  if (Array.isArray(commands)) return commands;
  throw wrong('commands', 'must be a list of commands');
}

function wrong(field: string, rule: string): Refusal {
  return new Refusal('PARAM_ERROR', { field, rule, value: '', location: 'body' });
}
