import type { HoldView, LedgerAnswer, PostedTransfer } from '@stuiver/contracts';
import { type Expected, expectedOf } from './expected-legs.js';
import { type Chain, enterLegs } from './naive-chain.js';
import { type Mark, NaiveBooks, type NaiveHold } from './naive-books.js';
import { endOfMonth } from './naive-calendar.js';
import { countDeed, setLimit } from './naive-limits.js';
import { reversalsView, takeBack } from './naive-reversal.js';
import { isStepping, takeSteps } from './naive-steps.js';
import { setTerms, termsView } from './naive-terms.js';
import type { Entry, SimulatedCommand, Stopped, Verdict } from './words.js';

const HOLDS_TOLD_MAX = 8;

interface Known {
  readonly content: string;
  readonly kind: string;
  readonly answer: object;
}

interface BatchFacts {
  readonly no: bigint;
  /** ISO 8601. */
  readonly at: string;
}

/**
 * The ledger as one would write it who has all the time in the world. It is told what was booked in which order and at
 * what time, and says what must have come of it.
 */
export class NaiveModel {
  readonly books = new NaiveBooks();
  private readonly known = new Map<string, Known>();
  /** Before the first batch, and after each. */
  private readonly marks: Mark[] = [this.books.mark];

  /** Holds that must end before anything else happens at that time, in this order. */
  due(at: string): readonly NaiveHold[] {
    const time = Date.parse(at);
    return this.books
      .openHolds()
      .filter(({ expiresAt }) => expiresAt !== null && Date.parse(expiresAt) <= time);
  }

  /** Books it. @returns the answer it must have for ever; or what makes it no command at all. */
  book(batch: BatchFacts, command: SimulatedCommand, content: string): object {
    const verdict = verdictOn(this.books, command, batch.at);
    const { outcome, ...more } = verdict;
    const common = { commandId: command.id, batch: batch.no.toString(), bookedAt: batch.at };
    const answer = outcome === 'impossible' ? verdict : { outcome, ...common, ...more };
    this.known.set(command.id, { content, kind: command.kind, answer });
    return answer;
  }

  endBatch(): void {
    this.marks.push(this.books.mark);
  }

  /** The answer to whoever sends this now: undefined when nothing is known under its id. */
  answerTo({ id, kind }: SimulatedCommand, content: string): object | 'conflict' | undefined {
    const first = this.known.get(id);
    if (first === undefined) return undefined;
    const isSame = first.kind === 'void' || kind === 'void' || first.content === content;
    return isSame ? first.answer : 'conflict';
  }

  /** What would come of it, without booking it. */
  judge(command: SimulatedCommand, at: string): Verdict {
    const { mark } = this.books;
    const verdict = verdictOn(this.books, command, at);
    this.books.forgetSince(mark);
    return verdict;
  }

  /** What would have come of it after each of the earlier batches, the last first. */
  *judgeEarlier(command: SimulatedCommand, at: string): Generator<Verdict> {
    for (const mark of this.marks.toReversed()) {
      yield verdictOn(this.books.upTo(mark), command, at);
    }
  }
}

function verdictOn(books: NaiveBooks, command: SimulatedCommand, at: string): Verdict {
  const before = books.mark;
  if (command.kind === 'void') return refusal(books, { outcome: 'refused', code: 'VOIDED' });
  if (command.kind === 'period-close') return close(books, command.month, at);
  const stopped = post(books, command, at);
  if (stopped !== undefined) {
    books.forgetSince(before);
    return stopped.outcome === 'impossible' ? stopped : refusal(books, stopped);
  }
  return {
    outcome: 'posted',
    transfers: transfersSince(books, before),
    ...told(books, command, before),
  };
}

/** What an answer says beside its transfers. */
function told(books: NaiveBooks, command: Booking, before: Mark): LedgerAnswer {
  if (command.kind === 'account-set') {
    return { account: termsView(command.account, books.terms(command.account)) };
  }
  if (command.kind === 'reversal') {
    return { reversals: reversalsView(books, books.entriesSince(before)) };
  }
  const holds = books.touched(before).map((id) => holdView(books.hold(id)));
  return holds.length === 0 ? {} : { holds };
}

type Booking = Exclude<SimulatedCommand, { kind: 'void' | 'period-close' }>;
/** What takes effect at a time of its own. */
type Moving = Exclude<Booking, { kind: 'account-set' | 'limit-set' }>;

function post(books: NaiveBooks, command: Booking, at: string): Stopped | undefined {
  if (command.kind === 'account-set') return setTerms(books, command);
  if (command.kind === 'limit-set') return setLimit(books, command);
  const isRule = command.kind !== 'reversal' && !isStepping(command);
  const suspense = isRule ? expectedOf(command).suspense : null;
  const chain = chainOf(books, { command, suspense }, at);
  if (isRefusable(chain)) return chain;
  return move(chain, command, at) ?? count(chain, command, at);
}

function move(chain: Chain, command: Moving, at: string): Stopped | undefined {
  if (command.kind === 'reversal') return takeBack(chain, command);
  if (isStepping(command)) return takeSteps(chain, command, at);
  return enterAll(chain, expectedOf(command));
}

function count(chain: Chain, command: Moving, at: string): Stopped | undefined {
  // What expires gives back; nobody asked.
  if (command.kind === 'hold-expire') return undefined;
  const { books, began, nature } = chain;
  const { subjects = [] } = 'subjects' in command ? command : {};
  const about = command.kind === 'payment' ? BigInt(command.amountMinor) : null;
  return countDeed(books, began, {
    ...{ commandId: command.id, nature, atMs: Date.parse(at), subjects, about },
  });
}

function isRefusable(chain: Chain | Stopped): chain is Stopped {
  return 'outcome' in chain;
}

/** In a closed month whoever may be refused is; what has happened takes effect as soon as it can. */
function chainOf(
  books: NaiveBooks,
  { command, suspense }: { command: Moving; suspense: string | null },
  at: string,
): Chain | Stopped {
  const own = command.kind === 'hold-expire' ? at : new Date(command.effectiveAt).toISOString();
  const openFrom = books.openFrom ?? '';
  const isClosed = own < openFrom;
  if (isClosed && suspense === null && command.kind !== 'hold-expire') {
    return { outcome: 'refused', code: 'PERIOD_CLOSED', firstOpenAt: openFrom };
  }
  return {
    ...{ books, began: books.mark, suspense, nature: suspense === null ? 'ask' : 'fact' },
    effectiveAt: isClosed ? openFrom : own,
  };
}

/** What has happened may move nothing; who asks for nothing is refused. */
function enterAll(chain: Chain, expected: Expected): Stopped | undefined {
  const stopped = enterLegs(chain, expected);
  const isMoved = chain.books.mark.entries > chain.began.entries;
  if (stopped !== undefined || isMoved || chain.suspense !== null) return stopped;
  const account = expected.legs[0]?.from ?? null;
  return { outcome: 'refused', code: 'NOTHING_TO_MOVE', account };
}

function close(books: NaiveBooks, month: string, at: string): Verdict {
  const endMs = endOfMonth(month);
  if (endMs === undefined || endMs > Date.parse(at)) {
    return { outcome: 'impossible', rule: 'must be a month that is over' };
  }
  const end = new Date(endMs).toISOString();
  const { openFrom } = books;
  if (openFrom !== null && end <= openFrom) {
    return refusal(books, { outcome: 'refused', code: 'PERIOD_CLOSED', firstOpenAt: openFrom });
  }
  books.close(end);
  return { outcome: 'posted', transfers: [] };
}

/** With what stands in the way: the account's open holds, as they are once the command has come to nothing. */
function refusal(books: NaiveBooks, stopped: Extract<Stopped, { outcome: 'refused' }>): Verdict {
  const { outcome, code, account = null, limit = null, shortfall = null, ...more } = stopped;
  const holds = code === 'FLOOR' && account !== null ? inTheWay(books, account) : undefined;
  return {
    ...{ outcome, code, account, ...more },
    limitMinor: limit === null ? null : limit.toString(),
    shortfallMinor: shortfall === null ? null : shortfall.toString(),
    ...(holds === undefined ? {} : { holds }),
  };
}

function inTheWay(books: NaiveBooks, account: string): object | undefined {
  const held = books.held(account);
  if (held === 0n) return undefined;
  const open = books.openHolds().filter((hold) => hold.account === account);
  return {
    heldMinor: held.toString(),
    first: open.slice(0, HOLDS_TOLD_MAX).map(({ id, remaining, expiresAt }) => ({
      ...{ holdId: id, remainingMinor: remaining.toString(), expiresAt },
    })),
    earliestExpiresAt: open[0]?.expiresAt ?? null,
  };
}

function transfersSince(books: NaiveBooks, before: Mark): PostedTransfer[] {
  return books.entriesSince(before).map((entry: Entry, index, all): PostedTransfer => {
    // As the books were right after this entry.
    const then =
      index === all.length - 1 ? books : books.upTo({ ...books.mark, entries: Number(entry.seq) });
    const { debit, credit } = entry;
    return {
      seq: entry.seq.toString(),
      purpose: entry.purpose,
      debit,
      credit,
      amountMinor: entry.amount.toString(),
      currency: 'EUR',
      debitVersion: then.version(debit).toString(),
      creditVersion: then.version(credit).toString(),
      debitAfterMinor: then.balance(debit).toString(),
      creditAfterMinor: then.balance(credit).toString(),
    };
  });
}

function holdView(hold: NaiveHold | undefined): HoldView {
  if (hold === undefined) throw new Error('a hold that was touched is there');
  return {
    holdId: hold.id,
    account: hold.account,
    placedMinor: hold.placed.toString(),
    capturedMinor: hold.captured.toString(),
    releasedMinor: hold.released.toString(),
    remainingMinor: hold.remaining.toString(),
    state: hold.state,
    expiresAt: hold.expiresAt,
  };
}
