import type { Currency } from '@stuiver/money';
import { BALANCE_MINOR_MAX, type Books } from './books.js';
import { type Decision, impossible, type Move, type Posted, refused } from './decision.js';
import {
  captured,
  type HoldEvent,
  type HoldState,
  increased,
  mayHold,
  released,
  remainingOf,
} from './hold.js';
import { amountOf, placeLeg, refusalOf } from './post-legs.js';
import type { Step } from './steps.js';

type StepOf<Kind extends Step['do']> = Extract<Step, { do: Kind }>;
/** Undefined: the step is done. */
type Outcome = Decision | undefined;

const ASK = { nature: 'ask', stray: null } as const;
const CURRENCY: Currency = 'EUR';

/** Runs the steps on the chain in hand; the caller keeps or drops the chain. */
export function runSteps(books: Books, steps: readonly Step[], at: Date): Decision {
  const run = new StepRun(books, at);
  for (const step of steps) {
    const stopped = run.take(step);
    if (stopped !== undefined) return stopped;
  }
  return run.posted() ?? refused('NOTHING_TO_MOVE');
}

class StepRun {
  private readonly moves: Move[] = [];
  private readonly reserved: { account: string; amount: bigint }[] = [];

  constructor(
    private readonly books: Books,
    private readonly at: Date,
  ) {}

  /** Undefined when nothing was done. */
  posted(): Posted | undefined {
    const { moves, reserved } = this;
    const holds = this.books.holdsOfChain;
    if (holds.length > 0) return { outcome: 'posted', moves, holds, reserved };
    return moves.length > 0 ? { outcome: 'posted', moves } : undefined;
  }

  take(step: Step): Outcome {
    switch (step.do) {
      case 'transfer':
        return this.transfer(step);
      case 'place':
        return this.place(step);
      case 'capture':
        return this.onHold(step, 'capture', (hold) => this.capture(hold, step));
      case 'increase':
        return this.onHold(step, 'increase', (hold) => this.increase(hold, step.amount));
      case 'release':
        return this.onHold(step, 'release', (hold) => this.release(hold, step.amount));
      case 'finish':
        return this.finish(step);
      case 'expire':
        return this.onHold(step, 'expire', (hold) => this.end(hold, 'expired'));
    }
  }

  private transfer({ leg }: StepOf<'transfer'>): Outcome {
    const amount = amountOf(this.books, leg, 0n);
    if (amount === 0n) return undefined;
    const placed = placeLeg(this.books, ASK, { leg, amount });
    if ('outcome' in placed) return placed;
    this.moves.push({ purpose: leg.purpose, ...this.books.move(placed, amount, CURRENCY) });
    return undefined;
  }

  private place({ holdId, account, amount, expiresAt }: StepOf<'place'>): Outcome {
    if (amount === 0n) return undefined;
    if (expiresAt !== null && expiresAt <= this.at) return refused('HOLD_EXPIRED', { account });
    const obstacle = this.books.obstacleToHold(account, amount);
    if (obstacle !== undefined) return refusalOf(obstacle);
    this.reserved.push({ account, amount });
    this.books.putHold({
      ...{ id: holdId, account, currency: CURRENCY, placed: amount, captured: 0n, released: 0n },
      ...{ condition: 'open', expiresAt },
    });
    return undefined;
  }

  private capture(hold: HoldState, step: StepOf<'capture'>): Outcome {
    const { account } = hold;
    const remaining = remainingOf(hold);
    const amount = step.take === 'up-to' && step.amount > remaining ? remaining : step.amount;
    if (amount === 0n) return undefined;
    if (amount > remaining) return tooSmall(hold, amount);
    if (step.credit === account) return impossible('must not be the account that is held', account);
    // What is captured is reserved no longer; in the same step it is debited.
    this.books.putHold(captured(hold, amount));
    const leg = { debit: account, credit: step.credit };
    const placed = placeLeg(this.books, ASK, { leg, amount });
    if ('outcome' in placed) return placed;
    const move = this.books.move(placed, amount, CURRENCY);
    this.moves.push({ purpose: step.purpose, ...move, held: true });
    return undefined;
  }

  private increase(hold: HoldState, amount: bigint): Outcome {
    if (amount === 0n) return undefined;
    const obstacle = this.books.obstacleToHold(hold.account, amount);
    if (obstacle !== undefined) return refusalOf(obstacle);
    const more = increased(hold, amount);
    if (more.placed > BALANCE_MINOR_MAX) {
      return refusalOf({ kind: 'beyond-counting', account: hold.account });
    }
    this.reserved.push({ account: hold.account, amount });
    this.books.putHold(more);
    return undefined;
  }

  private release(hold: HoldState, given: bigint | null): Outcome {
    const remaining = remainingOf(hold);
    const amount = given ?? remaining;
    if (amount === 0n) return undefined;
    if (amount > remaining) return tooSmall(hold, amount);
    this.books.putHold(released(hold, amount, 'released'));
    return undefined;
  }

  /** After the captures of a final capture, which may have taken everything. */
  private finish(step: StepOf<'finish'>): Outcome {
    const isCaptured = this.books.hold(step.holdId)?.condition === 'captured';
    if (isCaptured && this.books.isOfChain(step.holdId)) return undefined;
    return this.onHold(step, 'finish', (hold) => this.end(hold, 'captured'));
  }

  private end(hold: HoldState, as: 'captured' | 'expired'): Outcome {
    this.books.putHold(released(hold, remainingOf(hold), as));
    return undefined;
  }

  private onHold(
    { holdId }: { readonly holdId: string },
    event: HoldEvent,
    work: (hold: HoldState) => Outcome,
  ): Outcome {
    const hold = this.books.hold(holdId);
    if (hold === undefined) {
      return event === 'expire' ? impossible('must be a hold', holdId) : refused('HOLD_UNKNOWN');
    }
    const may = mayHold(hold, event, this.at);
    if (may === 'yes') return work(hold);
    if (may === 'never') return impossible('must be a hold whose time has come', holdId);
    return refused(may, { account: hold.account });
  }
}

function tooSmall(hold: HoldState, amount: bigint): Decision {
  const limit = remainingOf(hold);
  return refused('HOLD_TOO_SMALL', {
    ...{ account: hold.account, limit, shortfall: amount - limit },
  });
}
