import { minorOf } from '@stuiver/money';
import { invariant } from '@stuiver/errors';
import type { Books } from './books.js';
import type { LimitSetCommand, LimitTerms } from './commands.js';
import {
  type Decision,
  impossible,
  type Move,
  type Posted,
  type Refused,
  refused,
} from './decision.js';
import {
  counted,
  LIMITS_PER_SUBJECT_MAX,
  refusalBy,
  type VelocityLimit,
  type VelocityRefusal,
} from './velocity.js';

const ACCOUNT = 'account:';
const NONE: readonly VelocityLimit[] = [];

/** What a command uses of a subject's limits. */
interface Usage {
  readonly subject: string;
  readonly limits: readonly VelocityLimit[];
  /** Of one limit; undefined when the command is none of its business. */
  readonly amountFor: (limit: VelocityLimit) => bigint | undefined;
}

/** The limits while a batch is decided. Those of an account stand with the account, in the books. */
export class LimitsBook {
  readonly changed = new Map<string, readonly VelocityLimit[]>();
  private readonly atMs: number;

  constructor(
    private readonly books: Books,
    private readonly start: ReadonlyMap<string, readonly VelocityLimit[]>,
    at: Date,
  ) {
    this.atMs = at.getTime();
  }

  set(command: LimitSetCommand): Decision {
    const { subject, name, limit, currency } = command;
    const before = this.limitsOf(subject, currency);
    if (before === undefined) return impossible('must be an account of the chart', subject);
    const was = before.find((other) => other.name === name);
    const others = before.filter((other) => other.name !== name);
    const after = limit === null ? others : [...others, toLimit(name, limit, was)].sort(byName);
    if (after.length > LIMITS_PER_SUBJECT_MAX) {
      return impossible(
        `must not have more than ${String(LIMITS_PER_SUBJECT_MAX)} limits`,
        subject,
      );
    }
    this.put(subject, after);
    return { outcome: 'posted', moves: [] };
  }

  /**
   * Counts what was posted on the chain in hand. An ask that would pass a limit is refused; a fact counts and passes.
   *
   * @param given.amount  what the command is about, for the subjects that it names; null: what it moves and holds.
   */
  count(
    posted: Posted,
    given: {
      readonly nature: 'ask' | 'fact';
      readonly subjects: readonly string[];
      readonly amount: bigint | null;
    },
  ): Decision {
    const usages = [...this.usagesOfAccounts(posted), ...this.usagesOfNames(posted, given)];
    const counts = usages.map((usage) => this.countOne(usage, given.nature));
    const refusal = counts.find((count) => 'outcome' in count);
    if (refusal !== undefined && 'outcome' in refusal) return refusal;
    for (const count of counts) if ('limits' in count) this.put(count.subject, count.limits);
    return posted;
  }

  private countOne(
    { subject, limits, amountFor }: Usage,
    nature: 'ask' | 'fact',
  ): Refused | { readonly subject: string; readonly limits: readonly VelocityLimit[] } {
    const after: VelocityLimit[] = [];
    for (const limit of limits) {
      const amount = amountFor(limit);
      if (amount === undefined) {
        after.push(limit);
        continue;
      }
      const use = { amount, atMs: this.atMs };
      const refusal = nature === 'ask' ? refusalBy(limit, use) : undefined;
      if (refusal !== undefined) return toRefused(subject, refusal, amount);
      after.push(counted(limit, use));
    }
    return { subject, limits: after };
  }

  private *usagesOfAccounts(posted: Posted): Generator<Usage> {
    for (const code of accountsOf(posted)) {
      const limits = this.books.limitsOn(code);
      if (limits === null) continue;
      const amountFor = (limit: VelocityLimit): bigint | undefined => usedOf(posted, code, limit);
      yield { subject: `${ACCOUNT}${code}`, limits, amountFor };
    }
  }

  private *usagesOfNames(
    posted: Posted,
    { subjects, amount }: { readonly subjects: readonly string[]; readonly amount: bigint | null },
  ): Generator<Usage> {
    if (subjects.length === 0) return;
    const total = amount ?? totalOf(posted);
    for (const subject of new Set(subjects)) {
      const limits = this.changed.get(subject) ?? this.start.get(subject) ?? NONE;
      // A command that only gives back uses nothing.
      if (limits.length > 0 && total > 0n) yield { subject, limits, amountFor: () => total };
    }
  }

  /** Undefined: there can be no such account. */
  private limitsOf(subject: string, currency: 'EUR'): readonly VelocityLimit[] | undefined {
    if (!subject.startsWith(ACCOUNT)) {
      return this.changed.get(subject) ?? this.start.get(subject) ?? NONE;
    }
    const account = this.books.accountOrOpening(subject.slice(ACCOUNT.length), currency);
    return account === undefined ? undefined : (account.limits ?? NONE);
  }

  private put(subject: string, limits: readonly VelocityLimit[]): void {
    if (!subject.startsWith(ACCOUNT)) {
      this.changed.set(subject, limits);
      return;
    }
    const account = this.books.accountOrOpening(subject.slice(ACCOUNT.length), 'EUR');
    invariant(account !== undefined, 'an account with limits is of the chart');
    this.books.putAccount({ ...account, limits: limits.length === 0 ? null : limits });
  }
}

/** What counts already goes on counting, unless it was counted in windows of another kind. */
function toLimit(name: string, terms: LimitTerms, was: VelocityLimit | undefined): VelocityLimit {
  const { window, side, counterparty, countMax, sumMaxMinor } = terms;
  const isSameCount =
    was?.side === side &&
    was.counterparty === counterparty &&
    JSON.stringify(was.window) === JSON.stringify(window);
  return {
    ...{ name, window, side, counterparty },
    countMax: countMax === null ? null : minorOf(countMax),
    sumMax: sumMaxMinor === null ? null : minorOf(sumMaxMinor),
    slots: isSameCount ? was.slots : [],
  };
}

function byName(a: VelocityLimit, b: VelocityLimit): number {
  return a.name < b.name ? -1 : 1;
}

function toRefused(subject: string, refusal: VelocityRefusal, amount: bigint): Refused {
  const { limit, sumLeft } = refusal;
  const isShort = sumLeft !== null && amount > sumLeft;
  const facts = {
    account: subject.startsWith(ACCOUNT) ? subject.slice(ACCOUNT.length) : null,
    limit: limit.sumMax,
    shortfall: isShort ? amount - sumLeft : null,
  };
  return { ...refused('LIMIT', facts), velocity: { subject, ...refusal } };
}

function accountsOf({ moves, reserved }: Posted): Set<string> {
  const codes = new Set<string>();
  for (const { debit, credit } of moves) codes.add(debit.code).add(credit.code);
  for (const { account } of reserved ?? []) codes.add(account);
  return codes;
}

/**
 * What the command moves on the limit's side of the account. Held money counts when it is held; towards a limit for one
 * counterparty, which is not known then, when it is captured.
 */
function usedOf(posted: Posted, code: string, limit: VelocityLimit): bigint | undefined {
  let used = 0n;
  for (const move of posted.moves) if (isCountedBy(limit, code, move)) used += move.amount;
  if (limit.side === 'debit' && limit.counterparty === null) {
    for (const { account, amount } of posted.reserved ?? []) if (account === code) used += amount;
  }
  return used > 0n ? used : undefined;
}

function isCountedBy({ side, counterparty }: VelocityLimit, code: string, move: Move): boolean {
  if (side === null || move[side].code !== code) return false;
  if (counterparty === null) return side === 'credit' || !wasHeld(move);
  return move[side === 'debit' ? 'credit' : 'debit'].code === counterparty;
}

function totalOf({ moves, reserved }: Posted): bigint {
  let total = 0n;
  for (const move of moves) if (!wasHeld(move)) total += move.amount;
  for (const { amount } of reserved ?? []) total += amount;
  return total;
}

function wasHeld(move: Move): boolean {
  return move.held === true;
}
