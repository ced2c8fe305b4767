import { minorOf } from '@stuiver/money';
import { Books } from './books.js';
import type { AccountState } from './chart-of-accounts.js';
import type { Command, DecidableCommand } from './commands.js';
import { type Decision, type Posted, refused } from './decision.js';
import type { LedgerState } from './ledger-state.js';
import { LimitsBook } from './limits-book.js';
import { OpenPeriod } from './period.js';
import { postLegs } from './post-legs.js';
import { postingOf } from './posting-rules.js';
import type { OriginalTransfer, RareChanges } from './rare-state.js';
import { Originals, reverse } from './reverse.js';
import { runSteps } from './run-steps.js';
import { setAccount } from './set-account.js';
import { StandingHolds } from './standing-holds.js';
import { isStepCommand, stepsOf } from './steps.js';

/** What a batch leads to, beside the answers. */
export interface BatchOutcome {
  /** The accounts that changed, as they are now. */
  readonly changed: ReadonlyMap<string, AccountState>;
  readonly lastAccount: bigint;
  readonly openFrom: Date;
  readonly rare: RareChanges;
  /** Accounts whose open holds must be known (`RareState.standing`) before refusals can be explained. */
  readonly wanting: readonly string[];
}

/** Everything while a batch is decided. */
export class BatchInHand {
  private readonly books: Books;
  private readonly limits: LimitsBook;
  private readonly originals: Originals;
  private readonly standing: StandingHolds;
  private readonly period: OpenPeriod;

  constructor(
    private readonly state: LedgerState,
    private readonly decided: (commandId: string) => Decision | undefined,
  ) {
    this.books = new Books(state);
    this.limits = new LimitsBook(this.books, state.rare.subjects, state.at);
    this.originals = new Originals((commandId) => this.findOriginal(commandId));
    this.period = new OpenPeriod(state.openFrom, state.at);
    this.standing = new StandingHolds(state.rare.standing, this.books);
  }

  decideOne(command: Command): Decision {
    if (command.kind === 'void') return refused('VOIDED');
    if (command.kind === 'period-close') return this.period.close(command);
    const closed = this.period.obstacle(command);
    if (closed !== undefined) return closed;
    this.books.beginChain();
    const decision = this.post(command);
    if (decision.outcome !== 'posted') {
      this.books.dropChain();
      return this.standing.explain(decision);
    }
    this.books.keepChain();
    if (decision.reversals !== undefined) this.originals.keep(decision.reversals);
    return decision;
  }

  end(): BatchOutcome {
    const { changed, lastAccount, changedHolds } = this.books;
    const rare = { holds: changedHolds, subjects: this.limits.changed };
    const { openFrom } = this.period;
    return { changed, lastAccount, openFrom, rare, wanting: this.standing.wanting };
  }

  private post(command: DecidableCommand): Decision {
    if (isStepCommand(command)) return this.postSteps(command);
    if (command.kind === 'account-set') return setAccount(this.books, command);
    if (command.kind === 'limit-set') return this.limits.set(command);
    if (command.kind !== 'reversal') return this.postRule(command);
    return this.counted(reverse(this.books, this.originals, command), { nature: 'ask' });
  }

  private postSteps(command: Parameters<typeof stepsOf>[0]): Decision {
    const decision = runSteps(this.books, stepsOf(command), this.state.at);
    // What expires gives back; nobody asked.
    if (command.kind === 'hold-expire') return decision;
    return this.counted(decision, { nature: 'ask', subjects: command.subjects });
  }

  private postRule(command: Parameters<typeof postingOf>[0]): Decision {
    const posting = postingOf(command);
    const decision = postLegs(this.books, posting, command.currency);
    const { nature } = posting;
    if (command.kind !== 'payment') return this.counted(decision, { nature });
    return this.counted(decision, {
      ...{ nature, subjects: command.subjects, amountMinor: command.amountMinor },
    });
  }

  private counted(
    decision: Decision,
    given: {
      readonly nature: 'ask' | 'fact';
      readonly subjects?: readonly string[] | undefined;
      readonly amountMinor?: string;
    },
  ): Decision {
    if (decision.outcome !== 'posted') return decision;
    const { nature, subjects = [], amountMinor } = given;
    if (subjects.length === 0 && !isLimited(decision)) return decision;
    const amount = amountMinor === undefined ? null : minorOf(amountMinor);
    return this.limits.count(decision, { nature, subjects, amount });
  }

  private findOriginal(commandId: string): readonly OriginalTransfer[] | undefined {
    const decision = this.decided(commandId);
    if (decision?.outcome !== 'posted') {
      return this.state.rare.originals.get(commandId)?.transfers;
    }
    return decision.moves.map(({ debit, credit, currency, amount }) => ({
      ...{ seq: null, debit: debit.code, credit: credit.code, currency, amount, reversed: 0n },
    }));
  }
}

/** Whether any account that was moved or held has limits at all. */
function isLimited({ moves, reserved }: Posted): boolean {
  if (reserved !== undefined && reserved.length > 0) return true;
  for (const { debit, credit } of moves) {
    if (debit.limits !== null || credit.limits !== null) return true;
  }
  return false;
}
