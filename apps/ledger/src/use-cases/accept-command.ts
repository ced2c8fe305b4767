import { createHash } from 'node:crypto';
import type { LedgerCommand } from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';
import { isOwnCommandId, ownCommandIdOf } from '@stuiver/ids';
import type { CommandToDecide } from '../domain/decide.js';
import { accountsOf, postingOf } from '../domain/posting-rules.js';
import type { PostingCommand } from '../domain/commands.js';
import type { HoldState } from '../domain/hold.js';
import type { RareNeeds } from './ledger-store.js';

/** A command that may be decided: its id, amounts and time are of the kind the books can hold. */
export interface AcceptedCommand extends CommandToDecide {
  readonly id: string;
  /** Everything that deciding may look at must be read first: these accounts, and the rare things below. */
  readonly accounts: readonly string[];
  /** Null for most. */
  readonly needs: RareNeeds | null;
  /** Null for a void: nothing takes effect. */
  readonly effectiveAt: Date | null;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** PostgreSQL and ISO 8601 agree on the years in between. */
const FIRST_YEAR_MS = Date.UTC(1970, 0);
const LAST_YEAR_MS = Date.UTC(9999, 0);

/** @throws Refusal PARAM_ERROR naming field and rule. */
export function acceptCommand(given: LedgerCommand): AcceptedCommand {
  const effectiveAt = acceptInstant(given.effectiveAt);
  const id = acceptId(given.id);
  const command = { ...given, id, effectiveAt: effectiveAt.toISOString() };
  return {
    id,
    command,
    content: canonicalText(command),
    accounts: accountsIn(command),
    needs: null,
    effectiveAt,
  };
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

function acceptInstant(text: string): Date {
  const ms = Date.parse(text);
  if (ms >= FIRST_YEAR_MS && ms < LAST_YEAR_MS) return new Date(ms);
  throw wrong('effectiveAt', 'must be an ISO 8601 instant between 1970 and 9998', text);
}

function accountsIn(command: PostingCommand): readonly string[] {
  try {
    return accountsOf(postingOf(command));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw wrong('amountMinor', 'must be whole minor units, at most 18 digits', error.message);
  }
}

function wrong(field: string, rule: string, value: string): Refusal {
  return new Refusal('PARAM_ERROR', { field, rule, value });
}

/** JSON with keys in order, so the same content is the same text whoever wrote it. It has no line break. */
function canonicalText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  const given = Object.entries(value).filter(([, part]) => part !== undefined);
  const fields = given.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, part]) => `${JSON.stringify(name)}:${canonicalText(part)}`).join(',')}}`;
}
