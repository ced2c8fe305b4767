import { createHash } from 'node:crypto';
import type { LedgerCommand } from '@stuiver/contracts';
import { isOwnCommandId, ownCommandIdOf } from '@stuiver/ids';
import type { CommandToDecide } from '../domain/decide.js';
import type { HoldState } from '../domain/hold.js';
import { acceptInstant, type Names, namesOfCommand, wrong } from './names-of-command.js';

/** A command that may be decided: its id, amounts and time are of the kind the books can hold. */
export interface AcceptedCommand extends CommandToDecide, Names {
  readonly id: string;
  /** Null for a void: nothing takes effect. */
  readonly effectiveAt: Date | null;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** @throws Refusal PARAM_ERROR naming field and rule. */
export function acceptCommand(given: LedgerCommand): AcceptedCommand {
  const effectiveAt = acceptInstant(given.effectiveAt, 'effectiveAt');
  const id = acceptId(given.id);
  const command = { ...given, id, effectiveAt: effectiveAt.toISOString() };
  const content = canonicalText(command);
  return { id, command, content, ...namesOfCommand(command), effectiveAt };
}

/** @throws Refusal PARAM_ERROR naming field and rule. */
export function acceptVoid(commandId: string): AcceptedCommand {
  const command = { kind: 'void', id: acceptId(commandId) } as const;
  return {
    id: command.id,
    command,
    content: canonicalText(command),
    accounts: [],
    needs: null,
    effectiveAt: null,
  };
}

/** The end of a hold whose time has come: a command that the ledger gives itself, the same one whoever finds it due. */
export function acceptExpiry(hold: HoldState): AcceptedCommand {
  const id = ownCommandIdOf('hold-expire', hold.id);
  const command = { kind: 'hold-expire', id, holdId: hold.id } as const;
  return {
    id,
    command,
    content: canonicalText(command),
    accounts: [hold.account],
    needs: { holds: [hold.id], subjects: [], originals: [] },
    effectiveAt: null,
  };
}

/** The closing of a month: the same command whoever closes it. */
export function acceptPeriodClose(month: string): AcceptedCommand {
  const id = ownCommandIdOf('period-close', month);
  const command = { kind: 'period-close', id, month } as const;
  const content = canonicalText(command);
  return { id, command, content, accounts: [], needs: null, effectiveAt: null };
}

/** What is compared when an id comes again. Lower-case hex. */
export function contentSha256(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}

function acceptId(id: string): string {
  const lower = id.toLowerCase();
  if (!UUID.test(lower)) throw wrong('id', 'must be a UUID', id);
  if (isOwnCommandId(lower)) throw wrong('id', 'must not be of version 8: those are ours', id);
  return lower;
}

/** JSON with keys in order, so the same content is the same text whoever wrote it. It has no line break. */
function canonicalText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  const given = Object.entries(value).filter(([, part]) => part !== undefined);
  const fields = given.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, part]) => `${JSON.stringify(name)}:${canonicalText(part)}`).join(',')}}`;
}
