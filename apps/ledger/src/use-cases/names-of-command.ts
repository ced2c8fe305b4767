import { type LedgerCommand, LedgerCommandSchema } from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';
import type { DecidableCommand, LimitSetCommand, StepCommand } from '../domain/commands.js';
import { accountsOf, postingOf } from '../domain/posting-rules.js';
import { accountsOfStep, isStepCommand, type Step, stepsOf } from '../domain/steps.js';
import type { RareNeeds } from './ledger-store.js';

/** Everything that deciding about a command may look at, by name. */
export interface Names {
  readonly accounts: readonly string[];
  /** Null for most. */
  readonly needs: RareNeeds | null;
}

const ACCOUNT = 'account:';
const NO_NEEDS: RareNeeds = { holds: [], subjects: [], originals: [] };

/** @throws Refusal PARAM_ERROR naming field and rule. */
export function namesOfCommand(command: LedgerCommand): Names {
  if (isStepCommand(command)) return namesOfSteps(command);
  if (command.kind === 'payment') return namesOfRule(command, command.subjects);
  if (command.kind === 'limit-set') return namesOfLimit(command);
  if (command.kind === 'account-set') {
    acceptShape(command);
    return { accounts: [command.account], needs: null };
  }
  if (command.kind === 'reversal') {
    acceptShape(command);
    return { accounts: [], needs: { ...NO_NEEDS, originals: [command.commandId] } };
  }
  return namesOfRule(command, undefined);
}

function namesOfRule(
  command: Parameters<typeof postingOf>[0],
  subjects: readonly string[] | undefined,
): Names {
  if (subjects !== undefined) acceptShape(command as LedgerCommand);
  const accounts = withAmounts(() => accountsOf(postingOf(command)));
  return { accounts, needs: subjects === undefined ? null : { ...NO_NEEDS, subjects } };
}

function namesOfSteps(command: StepCommand & DecidableCommand & LedgerCommand): Names {
  acceptShape(command);
  const steps = withAmounts(() => stepsOf(command));
  const holds = new Set<string>();
  for (const step of steps) {
    acceptStep(step);
    // A hold of its own is placed by it and cannot be there before.
    if ('holdId' in step && !step.holdId.startsWith(`${command.id}.`)) holds.add(step.holdId);
  }
  const { subjects = [] } = command;
  const isRare = holds.size > 0 || subjects.length > 0;
  return {
    accounts: steps.flatMap(accountsOfStep),
    needs: isRare ? { holds: [...holds], subjects, originals: [] } : null,
  };
}

function namesOfLimit(command: LimitSetCommand & LedgerCommand): Names {
  acceptShape(command);
  const { subject, limit } = command;
  const isAccount = subject.startsWith(ACCOUNT);
  if (limit !== null && isAccount !== (limit.side !== null)) {
    throw wrong('limit.side', 'must be given for an account, and for nothing else', subject);
  }
  if (limit !== null && !isAccount && limit.counterparty !== null) {
    throw wrong('limit.counterparty', 'must be null but for an account', subject);
  }
  return isAccount
    ? { accounts: [subject.slice(ACCOUNT.length)], needs: null }
    : { accounts: [], needs: { ...NO_NEEDS, subjects: [subject] } };
}

/** What names things itself is held to its contract here, however it came: its words go into the books. */
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

/** PostgreSQL and ISO 8601 agree on the years in between. */
const FIRST_YEAR_MS = Date.UTC(1970, 0);
const LAST_YEAR_MS = Date.UTC(9999, 0);

/** @throws Refusal PARAM_ERROR naming the field. */
export function acceptInstant(text: string, field: string): Date {
  const ms = Date.parse(text);
  if (ms >= FIRST_YEAR_MS && ms < LAST_YEAR_MS) return new Date(ms);
  throw wrong(field, 'must be an ISO 8601 instant between 1970 and 9998', text);
}

export function wrong(field: string, rule: string, value: string): Refusal {
  return new Refusal('PARAM_ERROR', { field, rule, value });
}
