import type { LedgerCommand } from '@stuiver/contracts';
import { type Chain, enter, spareOf, whyNotHeld } from './naive-chain.js';
import type { NaiveHold } from './naive-books.js';
import type { SimulatedCommand, Stopped } from './words.js';

type ChainStep = Extract<LedgerCommand, { kind: 'transfer-chain' }>['steps'][number];
/** What a step of a chain says; and the ledger's own end of a hold. */
type Step = ChainStep | { readonly do: 'expire'; readonly holdId: string };
type StepOf<Kind extends Step['do']> = Extract<Step, { do: Kind }>;

export type SteppingCommand = Extract<
  SimulatedCommand,
  {
    kind:
      | 'transfer-chain'
      | 'hold-place'
      | 'hold-capture'
      | 'hold-increase'
      | 'hold-release'
      | 'hold-expire';
  }
>;

const COUNTABLE = 8_000_000_000_000_000_000n;

export function isStepping(command: SimulatedCommand): command is SteppingCommand {
  return command.kind === 'transfer-chain' || command.kind.startsWith('hold-');
}

function stepsOf(command: SteppingCommand): readonly Step[] {
  switch (command.kind) {
    case 'transfer-chain':
      return command.steps;
    case 'hold-place':
      return [{ ...command, do: 'place' }];
    case 'hold-increase':
      return [{ ...command, do: 'increase' }];
    case 'hold-release':
      return [{ ...command, do: 'release' }];
    case 'hold-expire':
      return [{ do: 'expire', holdId: command.holdId }];
    case 'hold-capture': {
      const { holdId, captures, final } = command;
      const steps: Step[] = captures.map(({ credit, amountMinor }) => ({
        ...{ do: 'capture', purpose: 'capture', take: 'exactly', holdId, credit, amountMinor },
      }));
      return final ? [...steps, { do: 'finish', holdId }] : steps;
    }
  }
}

/** Does all steps on the books. @returns why it had to stop. */
export function takeSteps(chain: Chain, command: SteppingCommand, at: string): Stopped | undefined {
  for (const [index, step] of stepsOf(command).entries()) {
    const stopped = takeStep({ chain, at, ownId: `${command.id}.${String(index)}` }, step);
    if (stopped !== undefined) return stopped;
  }
  const { books, began } = chain;
  const isDone = books.mark.entries > began.entries || books.mark.notes > began.notes;
  return isDone ? undefined : { outcome: 'refused', code: 'NOTHING_TO_MOVE' };
}

interface Context {
  readonly chain: Chain;
  readonly at: string;
  /** What a hold that this step places is called. */
  readonly ownId: string;
}

function takeStep(context: Context, step: Step): Stopped | undefined {
  switch (step.do) {
    case 'transfer':
      return transfer(context, step);
    case 'place':
      return place(context, step);
    case 'expire':
      return expire(context, step);
    case 'finish':
      return finish(context, step);
    case 'capture':
    case 'increase':
    case 'release':
      return onHold(context, step);
  }
}

function transfer({ chain }: Context, step: StepOf<'transfer'>): Stopped | undefined {
  const { purpose, debit: from, credit: to, take } = step;
  const spare = spareOf(chain.books, from);
  const asked = BigInt(step.amountMinor);
  const amount = take === 'up-to' && spare < asked ? spare : asked;
  return amount === 0n ? undefined : enter(chain, { purpose, from, to, amount });
}

function place(context: Context, step: StepOf<'place'>): Stopped | undefined {
  const { chain, at, ownId } = context;
  const { account, expiresAt } = step;
  const amount = BigInt(step.amountMinor);
  if (amount === 0n) return undefined;
  if (expiresAt !== null && Date.parse(expiresAt) <= Date.parse(at)) {
    return { outcome: 'refused', code: 'HOLD_EXPIRED', account };
  }
  const why = whyNotHeld(chain, account, amount);
  if (why !== undefined) return why;
  chain.books.note({
    ...{ holdId: ownId, account, what: 'placed', amount, leaves: 'released' },
    expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
  });
  return undefined;
}

/** Why nothing may happen to the hold any more. */
function isOver({ account, state, expiresAt }: NaiveHold, at: string): Stopped | undefined {
  const isLate = expiresAt !== null && Date.parse(expiresAt) <= Date.parse(at);
  if (state === 'expired' || (state === 'open' && isLate)) {
    return { outcome: 'refused', code: 'HOLD_EXPIRED', account };
  }
  return state === 'open' ? undefined : { outcome: 'refused', code: 'HOLD_ENDED', account };
}

function onHold(
  context: Context,
  step: StepOf<'capture' | 'increase' | 'release'>,
): Stopped | undefined {
  const hold = context.chain.books.hold(step.holdId);
  if (hold === undefined) return { outcome: 'refused', code: 'HOLD_UNKNOWN' };
  const over = isOver(hold, context.at);
  if (over !== undefined) return over;
  if (step.do === 'increase') return increase(context, hold, BigInt(step.amountMinor));
  const amount = takenBy(step, hold);
  if (amount === 0n) return undefined;
  const { account, remaining: limit } = hold;
  if (amount > limit) {
    const shortfall = amount - limit;
    return { outcome: 'refused', code: 'HOLD_TOO_SMALL', account, limit, shortfall };
  }
  if (step.do === 'capture') return capture(context, hold, { ...step, amount });
  return takeFrom(context, hold, { what: 'released', amount, leaves: 'released' });
}

function takenBy(step: StepOf<'capture' | 'release'>, { remaining }: NaiveHold): bigint {
  if (step.amountMinor === null) return remaining;
  const asked = BigInt(step.amountMinor);
  return step.do === 'capture' && step.take === 'up-to' && asked > remaining ? remaining : asked;
}

function capture(
  context: Context,
  hold: NaiveHold,
  { credit, purpose, amount }: { credit: string; purpose: string; amount: bigint },
): Stopped | undefined {
  if (credit === hold.account) {
    return { outcome: 'impossible', rule: 'must not be the account that is held' };
  }
  takeFrom(context, hold, { what: 'captured', amount, leaves: 'captured' });
  return enter(context.chain, {
    ...{ purpose, from: hold.account, to: credit, amount, isHeld: true },
  });
}

function increase(context: Context, hold: NaiveHold, amount: bigint): Stopped | undefined {
  if (amount === 0n) return undefined;
  const why = whyNotHeld(context.chain, hold.account, amount);
  if (why !== undefined) return why;
  if (hold.placed + amount > COUNTABLE) {
    return { outcome: 'impossible', rule: 'must not hold more than the books can count' };
  }
  return takeFrom(context, hold, { what: 'increased', amount, leaves: 'released' });
}

function takeFrom(
  { chain }: Context,
  { id, account }: NaiveHold,
  change: {
    what: 'increased' | 'captured' | 'released';
    amount: bigint;
    leaves: 'captured' | 'released' | 'expired';
  },
): Stopped | undefined {
  chain.books.note({ holdId: id, account, expiresAt: null, ...change });
  return undefined;
}

/** After captures of the same command that took all, there is nothing left to finish. */
function finish(context: Context, { holdId }: StepOf<'finish'>): Stopped | undefined {
  const { chain, at } = context;
  const hold = chain.books.hold(holdId);
  if (hold === undefined) return { outcome: 'refused', code: 'HOLD_UNKNOWN' };
  if (hold.state === 'captured' && chain.books.isTouched(holdId, chain.began)) return undefined;
  const over = isOver(hold, at);
  if (over !== undefined) return over;
  const amount = hold.remaining;
  return takeFrom(context, hold, { what: 'released', amount, leaves: 'captured' });
}

function expire(context: Context, { holdId }: StepOf<'expire'>): Stopped | undefined {
  const hold = context.chain.books.hold(holdId);
  if (hold === undefined) return { outcome: 'impossible', rule: 'must be a hold' };
  const over = isOver(hold, context.at);
  if (hold.state !== 'open' || over === undefined) {
    return { outcome: 'impossible', rule: 'must be a hold whose time has come' };
  }
  const amount = hold.remaining;
  return takeFrom(context, hold, { what: 'released', amount, leaves: 'expired' });
}
