import { invariant } from '@stuiver/errors';
import type { Decided, LedgerState } from '../domain/decide.js';
import type { HoldState } from '../domain/hold.js';
import { HOLDS_EXPLAINED_MAX } from '../domain/standing-holds.js';
import type { AcceptedCommand } from './accept-command.js';
import { AccountCache } from './account-cache.js';
import type { Head, Question, RareNeeds, Snapshot } from './ledger-store.js';
import { RareCache } from './rare-cache.js';

const NO_RARE_NEEDS: RareNeeds = { holds: [], subjects: [], originals: [] };

/** Everything that batches are decided on, as it stands at one chain head. */
export class LedgerCache {
  private readonly accounts = new AccountCache();
  private readonly rare = new RareCache();

  get head(): Head | undefined {
    return this.accounts.head;
  }

  /** Open holds whose time has come: they expire before anything else of the batch. */
  get due(): readonly HoldState[] {
    return this.rare.due;
  }

  drop(): void {
    this.accounts.drop();
    this.rare.drop();
  }

  /** When a batch is decided whose clock says `now`: time in the books never runs backwards. */
  timeOf(now: Date): Date {
    const { head } = this.accounts;
    return head === undefined || now > head.at ? now : head.at;
  }

  /** Refusals of this batch cannot be explained before the open holds of these accounts are known. */
  want(accounts: readonly string[]): void {
    this.rare.want(accounts);
  }

  /** What must be read before this batch can be decided; undefined when nothing. */
  missing(commands: readonly AcceptedCommand[], now: Date): Question | undefined {
    const needs = needsOf(commands);
    const accounts = this.accounts.missing(this.codes(commands, needs));
    const rare = this.rare.missing(needs, this.timeOf(now));
    if (accounts.length === 0 && rare === undefined) return undefined;
    const { rare: rareNeeds, standing } = rare ?? { rare: NO_RARE_NEEDS, standing: [] };
    // The batch itself may end as many of them as it names.
    const ending = needs.reduce((sum, need) => sum + need.holds.length, this.rare.due.length);
    const standingMax = HOLDS_EXPLAINED_MAX + ending;
    return { accounts, commandIds: [], rare: rareNeeds, standing, standingMax, dueBy: now };
  }

  learn(question: Question, { head, accounts, rare }: Snapshot): void {
    this.accounts.learn(head, question.accounts, accounts);
    this.rare.learn(question, rare);
  }

  /** The state that this batch is decided on. */
  pick(commands: readonly AcceptedCommand[], now: Date): { head: Head; state: LedgerState } {
    const { head } = this.accounts;
    invariant(head !== undefined, 'a batch is decided on a known head');
    const needs = needsOf(commands);
    const accounts = this.accounts.pick(this.codes(commands, needs));
    const rare = this.rare.pick(needs);
    return {
      head,
      state: {
        ...{ accounts, lastAccount: head.lastAccount, openFrom: head.openFrom },
        ...{ at: this.timeOf(now), rare },
      },
    };
  }

  /** After our own batch was committed. */
  advance(head: Head, { changed, rare }: Pick<Decided, 'changed' | 'rare'>): void {
    this.accounts.advance(head, changed);
    this.rare.advance(rare);
  }

  private codes(commands: readonly AcceptedCommand[], needs: readonly RareNeeds[]): string[] {
    const codes = commands.flatMap((command) => command.accounts);
    const more = this.rare.accountsOf(needs);
    return more.length === 0 ? codes : [...codes, ...more];
  }
}

/** Everything that a batch names, when nothing is known. */
export function questionOf(commands: readonly AcceptedCommand[], now: Date): Question {
  const needs = needsOf(commands);
  return {
    accounts: [...new Set(commands.flatMap((command) => command.accounts))],
    commandIds: commands.map((command) => command.id),
    rare: {
      holds: [...new Set(needs.flatMap((need) => need.holds))],
      subjects: [...new Set(needs.flatMap((need) => need.subjects))],
      originals: [...new Set(needs.flatMap((need) => need.originals))],
    },
    standing: [],
    standingMax: 0,
    dueBy: now,
  };
}

function needsOf(commands: readonly AcceptedCommand[]): RareNeeds[] {
  const needs: RareNeeds[] = [];
  for (const { needs: need } of commands) if (need !== null) needs.push(need);
  return needs;
}
