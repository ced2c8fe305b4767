import { createHash } from 'node:crypto';
import { type LedgerCommand, LedgerCommandSchema } from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';
import { isOwnCommandId, ownCommandIdOf } from '@stuiver/ids';
import type { CommandToDecide } from '../domain/decide.js';
import { accountsOf, postingOf } from '../domain/posting-rules.js';
import type { PostingCommand, StepCommand } from '../domain/commands.js';
import { accountsOfStep, isStepCommand, type Step, stepsOf } from '../domain/steps.js';
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
  const content = canonicalText(command);
  if (isStepCommand(command)) {
    acceptShape(command);
    return { id, command, content, ...namedBySteps(command), effectiveAt };
  }
  return { id, command, content, accounts: accountsIn(command), needs: null, effectiveAt };
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

function acceptInstant(text: string, field = 'effectiveAt'): Date {
  const ms = Date.parse(text);
  if (ms >= FIRST_YEAR_MS && ms < LAST_YEAR_MS) return new Date(ms);
  throw wrong(field, 'must be an ISO 8601 instant between 1970 and 9998', text);
}

function accountsIn(command: PostingCommand): readonly string[] {
  return withAmounts(() => accountsOf(postingOf(command)));
}

function namedBySteps(command: StepCommand): Pick<AcceptedCommand, 'accounts' | 'needs'> {
  const steps = withAmounts(() => stepsOf(command));
  const holds = new Set<string>();
  for (const step of steps) {
    acceptStep(step);
    // A hold of its own is placed by it and cannot be there before.
    if ('holdId' in step && !step.holdId.startsWith(`${command.id}.`)) holds.add(step.holdId);
  }
  return {
    accounts: steps.flatMap(accountsOfStep),
    needs: holds.size === 0 ? null : { holds: [...holds], subjects: [], originals: [] },
  };
}

/** What names accounts itself is held to its contract here, however it came: its words go into the books. */
function acceptShape(command: LedgerCommand): void {
  const parsed = LedgerCommandSchema.safeParse(command);
  if (parsed.success) return;
  const [issue] = parsed.error.issues;
  throw wrong(issue?.path.join('.') ?? 'kind', issue?.message ?? 'is no command', '');
}

function acceptStep(step: Step): void {
  if (step.do === 'place' && step.expiresAt !== null) {
    acceptInstant(step.expiresAt.toISOString(), 'expiresAt');
  }
  if (step.do === 'transfer' && step.leg.debit === step.leg.credit) {
    throw wrong('credit', 'must not be the account that is debited', step.leg.credit);
  }
}

function withAmounts<T>(read: () => T): T {
  try {
    return read();
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
