import type { Books } from './books.js';
import type { Decision } from './decision.js';
import type { HoldState } from './hold.js';

/** A refusal names so many of the holds that stand in its way. */
export const HOLDS_EXPLAINED_MAX = 8;

/** Tells a refusal which open holds stand in its way. What it must know and does not, it wants. */
export class StandingHolds {
  private readonly wanted = new Set<string>();

  constructor(
    private readonly before: ReadonlyMap<string, readonly HoldState[]>,
    private readonly books: Books,
  ) {}

  /** Accounts whose open holds must be known. */
  get wanting(): readonly string[] {
    return [...this.wanted];
  }

  explain(decision: Decision): Decision {
    if (decision.outcome !== 'refused' || decision.code !== 'FLOOR') return decision;
    const { account } = decision;
    const held = account === null ? 0n : this.books.heldOn(account);
    if (account === null || held === 0n) return decision;
    const before = this.before.get(account);
    if (before === undefined) {
      this.wanted.add(account);
      return decision;
    }
    const { changedHolds } = this.books;
    const now = [
      ...before.filter((hold) => !changedHolds.has(hold.id)),
      ...[...changedHolds.values()].filter((hold) => hold.account === account),
    ];
    const open = now.filter((hold) => hold.condition === 'open').sort(firstToExpire);
    return { ...decision, holds: { held, first: open.slice(0, HOLDS_EXPLAINED_MAX) } };
  }
}

function firstToExpire(a: HoldState, b: HoldState): number {
  const [first, second] = [a.expiresAt?.getTime() ?? Infinity, b.expiresAt?.getTime() ?? Infinity];
  if (first !== second) return first < second ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}
