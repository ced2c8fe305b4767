import { isDeepStrictEqual } from 'node:util';
import { LedgerUnavailable, type LedgerResult } from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';
import type { AccountState } from '../domain/chart-of-accounts.js';
import type { AcceptedCommand } from '../use-cases/accept-command.js';
import type { BatchRows, CommandRow } from '../use-cases/ledger-store.js';
import { bothLimits } from './both-limits.js';
import type { Coverage } from './coverage.js';
import { producedBy } from './produced.js';
import { growsByDebit } from './model/chart.js';
import { NaiveModel } from './model/naive-model.js';
import type { SimulatedCommand } from './model/words.js';
import type { MemoryTables } from './memory-tables.js';

/** The ledger and the model say different things. */
export class Disagreement extends Error {
  override readonly name = 'Disagreement';
}

/** A lost answer is looked for so often before the caller hears that it is unknown. */
const TRIES = 3;
const EXPIRIES_MAX = 512;
const AS_OPENED = { condition: 'open', floor: null, ceiling: null } as const;

export interface Sent {
  readonly accepted: AcceptedCommand;
  /** How often the lock was lost by its writer when it was sent. */
  readonly lostLocksBefore: number;
}

/** Holds what the ledger did against what the model says it must have done. */
export class Judge {
  private readonly model = new NaiveModel();
  private readonly contents = new Set<string>();
  /** What a command that was not booked with its batch was then worth. */
  private readonly notes = new Map<string, string>();
  private batch = 0n;
  private at = new Date(0).toISOString();

  constructor(private readonly coverage: Coverage) {}

  /** It may be booked from now on. */
  sent({ content }: AcceptedCommand): void {
    this.contents.add(content);
  }

  /** @param inHand  what the writer had in hand, in its order; empty for a ghost. */
  committed(rows: BatchRows, inHand: readonly AcceptedCommand[], tables: MemoryTables): void {
    same('the number of a batch', rows.after.batch, (this.batch += 1n));
    const at = rows.after.at.toISOString();
    if (at < this.at) throw new Disagreement(`time ran backwards, from ${this.at} to ${at}`);
    this.at = at;
    const rest = this.expired(rows, tables);
    const left = inHand.reduce(
      (rest, accepted) => this.passBy(accepted, rest, { rows, tables }),
      rest,
    );
    for (const row of left) this.booked(row, rows, tables);
    this.model.endBatch();
    this.compareAccounts(rows, tables);
    this.compareLimits(subjectsOf(rows), tables);
    const openFrom = this.model.books.openFrom ?? new Date(0).toISOString();
    same('from when on the books are open', rows.after.openFrom.toISOString(), openFrom);
  }

  answered(
    { accepted, lostLocksBefore }: Sent,
    answer: LedgerResult | Error,
    lostLocks: number,
  ): void {
    const command = commandOf(accepted.content);
    const expected = this.model.answerTo(command, accepted.content);
    if (answer instanceof LedgerUnavailable) {
      this.coverage.count('answer unavailable');
      if (lostLocks - lostLocksBefore >= TRIES) return;
      throw new Disagreement(`${accepted.id} was given up too early: ${answer.message}`);
    }
    if (!(answer instanceof Error)) {
      same(`the answer to ${command.kind} ${accepted.id}`, answer, expected);
      return;
    }
    if (!(answer instanceof Refusal)) throw answer;
    if (answer.code === 'COMMAND_CONFLICT') {
      this.coverage.count(`${command.kind} conflict`);
      same(`the answer to ${command.kind} ${accepted.id}`, 'conflict', expected);
      return;
    }
    this.coverage.count(`${command.kind} impossible`);
    this.impossible(command, answer);
  }

  /** Everything is quiet: what the books say now is all there is. */
  atEnd(tables: MemoryTables): void {
    const { books } = this.model;
    same(
      'which accounts there are',
      [...tables.accounts.keys()].sort(),
      [...books.accounts].sort(),
    );
    let difference = 0n;
    for (const account of tables.accounts.values()) {
      this.compareAccount(account.code, account);
      difference += growsByDebit(account.code) ? account.balance : -account.balance;
    }
    same('debits less credits', difference, 0n);
    const subjects = books.limitNotes.map(({ subject }) => subject);
    this.compareLimits(new Set([...subjects, ...tables.limits.subjects]), tables);
  }

  /** What is due expires before anything else. @returns the other rows. */
  private expired(rows: BatchRows, tables: MemoryTables): readonly CommandRow[] {
    const due = this.model.due(this.at).slice(0, EXPIRIES_MAX);
    const count = rows.commands.findIndex(({ kind }) => kind !== 'hold-expire');
    const expiries = count < 0 ? rows.commands : rows.commands.slice(0, count);
    const ended = expiries.map(({ content }) => (JSON.parse(content) as { holdId: string }).holdId);
    same(
      'which holds expired first',
      ended,
      due.map(({ id }) => id),
    );
    for (const row of expiries) this.booked(row, rows, tables);
    if (expiries.length > 1) this.coverage.count('several holds expire at once');
    return rows.commands.slice(expiries.length);
  }

  /** One of what the writer had in hand: it is the next row, or is not booked. @returns the rows after it. */
  private passBy(
    { id, content }: AcceptedCommand,
    left: readonly CommandRow[],
    { rows, tables }: { rows: BatchRows; tables: MemoryTables },
  ): readonly CommandRow[] {
    const [row] = left;
    const command = commandOf(content);
    if (row?.id === id && row.content === content) {
      this.booked(row, rows, tables);
      return left.slice(1);
    }
    if (this.model.answerTo(command, content) === undefined) {
      const verdict = this.model.judge(command, this.at);
      this.notes.set(content, verdict.outcome === 'impossible' ? verdict.rule : verdict.outcome);
    }
    return left;
  }

  private booked(row: CommandRow, rows: BatchRows, tables: MemoryTables): void {
    const { id, kind, content } = row;
    const command = commandOf(content);
    if (kind !== 'hold-expire' && !this.contents.has(content)) {
      throw new Disagreement(`nobody sent ${content}`);
    }
    const before = this.model.books.mark;
    const answer = this.model.book({ no: this.batch, at: this.at }, command, content);
    const { metadataSha256: committed = null } = 'effectiveAt' in command ? command : {};
    same(`what ${kind} ${id} commits to`, row.metadataSha256, committed);
    same(`what became of ${kind} ${id}`, tables.knownOf(id)?.result, answer);
    const entries = this.model.books.entriesSince(before);
    const first = Number(row.firstSeq - rows.before.lastSeq) - 1;
    const effective = rows.transfers
      .slice(first, first + row.transferCount)
      .map(({ effectiveAt }) => effectiveAt.toISOString());
    same(
      `when ${kind} ${id} takes effect`,
      effective,
      entries.map(({ effectiveAt }) => effectiveAt),
    );
    const original =
      command.kind === 'reversal' ? this.model.books.entriesOf(command.commandId) : [];
    this.coverage.count(...producedBy(command, answer, original));
  }

  private impossible(command: SimulatedCommand, refusal: Refusal): void {
    const rule = refusal.facts['rule'] ?? '';
    this.coverage.count(`impossible: ${rule}`);
    if (this.notes.get(JSON.stringify(command)) === rule) return;
    // A writer that is behind says so on books that have moved on; it is no answer to keep, so that harms nobody.
    for (const verdict of this.model.judgeEarlier(command, this.at)) {
      if (verdict.outcome === 'impossible' && verdict.rule === rule) return;
    }
    throw new Disagreement(`${command.kind} ${command.id} is not impossible: ${rule}`);
  }

  private compareAccounts(rows: BatchRows, tables: MemoryTables): void {
    const changed = rows.changed.map(({ account }) => account);
    for (const { code } of [...rows.opened, ...changed]) {
      this.compareAccount(code, tables.accounts.get(code));
    }
  }

  /** Which limits there are, and what counts towards them now. */
  private compareLimits(subjects: ReadonlySet<string>, tables: MemoryTables): void {
    const { books } = this.model;
    const nowMs = Date.parse(this.at);
    for (const subject of subjects) {
      const found = tables.limits.of(subject) ?? [];
      const { is, expected } = bothLimits(books, { subject, found, nowMs });
      same(`the limits on ${subject}`, is, expected);
    }
  }

  private compareAccount(
    code: string,
    found: Pick<AccountState, 'balance' | 'version' | 'held' | 'terms'> | undefined,
  ): void {
    const { books } = this.model;
    const is = [found?.balance, found?.version, found?.held];
    same(`account ${code}`, is, [books.balance(code), books.version(code), books.held(code)]);
    const { condition, floor, ceiling } = found?.terms ?? AS_OPENED;
    same(`the terms of ${code}`, { state: condition, floor, ceiling }, books.terms(code));
  }
}

function subjectsOf({ rare }: BatchRows): ReadonlySet<string> {
  if (rare === null) return new Set();
  const { limitsSet, limitsRemoved, counters, swept } = rare;
  const rows = [...limitsSet, ...limitsRemoved, ...counters, ...swept];
  return new Set(rows.map(({ subject }) => subject));
}

function commandOf(content: string): SimulatedCommand {
  return JSON.parse(content) as SimulatedCommand;
}

function same(what: string, is: unknown, expected: unknown): void {
  if (isDeepStrictEqual(is, expected)) return;
  throw new Disagreement(`${what}\n  ledger: ${told(is)}\n  model:  ${told(expected)}`);
}

function told(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'bigint' ? part.toString() : part,
  );
}
