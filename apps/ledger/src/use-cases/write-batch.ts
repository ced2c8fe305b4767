import { LedgerUnavailable } from '@stuiver/contracts';
import { invariant } from '@stuiver/errors';
import { type Clock, type CrashPoints, type Log, type Random, SystemRandom } from '@stuiver/ports';
import type { AcceptedCommand } from './accept-command.js';
import { LedgerCache, questionOf } from './ledger-cache.js';
import {
  type Appended,
  type Head,
  type LedgerStore,
  type LedgerWriter,
  RowsRefused,
} from './ledger-store.js';
import { type Answer, planBatch, type PlannedBatch } from './plan-batch.js';
import { RecentAnswers } from './recent-answers.js';
import { answerKnown, commandsOf, give, type Waiting } from './waiting.js';

export interface WriteBatchOptions {
  readonly store: LedgerStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly crash: CrashPoints;
  /** The system's own unless a test says otherwise. */
  readonly random?: Random;
  /** A batch is committed; there may be something to tell others. */
  readonly onCommitted: () => void;
}

/** What hides the sides of a batch's transfers from each other. */
const BLIND_BYTES = 32;
/** A lost connection is followed by a look under the lock; so often, then the callers learn that we do not know. */
const LOCKED_TRIES_MAX = 3;

/**
 * Decides batches on what is known of the books and writes them, one at a time. While one waits for its commit, the
 * next may be decided on top of it.
 */
export class WriteBatch {
  private readonly cache = new LedgerCache();
  private readonly recent = new RecentAnswers();
  private readonly random: Random;
  /** Sent and not answered. */
  private sent: PlannedBatch | undefined;
  /** Whether the cache stands where `sent` will have brought it. */
  private isAhead = false;

  constructor(private readonly options: WriteBatchOptions) {
    this.random = options.random ?? new SystemRandom();
  }

  /** Where the next batch stands; another head, also one of the same number, is another object. */
  get head(): Head | undefined {
    return this.cache.head;
  }

  /** The answer that a command got lately; undefined when that is not known here. */
  recall(command: AcceptedCommand): Answer | undefined {
    return this.recent.find(command);
  }

  get isSending(): boolean {
    return this.sent !== undefined;
  }

  /** As if what was sent had succeeded. @returns undefined when the books must be read before this can be decided. */
  decideOnTop(batch: readonly Waiting[]): PlannedBatch | undefined {
    invariant(this.sent !== undefined, 'there is a batch to stand on');
    this.advanceOnce(this.sent);
    const now = this.options.clock.now();
    const missing = this.cache.missing(commandsOf(batch), now);
    return missing === undefined ? this.plan(batch, now) : undefined;
  }

  /**
   * Answers everybody in the batch, sooner or later.
   *
   * @param ahead  what was decided on top of the batch before, if that was committed.
   */
  async run(batch: readonly Waiting[], ahead: PlannedBatch | undefined): Promise<void> {
    let left = batch;
    try {
      if (this.cache.head !== undefined) left = await this.postOnCache(batch, ahead);
    } catch (error) {
      this.options.log.warn('ledger batch lost its answer', {
        commands: batch.length,
        reason: String(error),
      });
    }
    if (left.length > 0) await this.postSurely(left);
  }

  /** Decides on what is cached. @returns those who still wait because somebody else wrote meanwhile. */
  private async postOnCache(
    batch: readonly Waiting[],
    ahead: PlannedBatch | undefined,
  ): Promise<readonly Waiting[]> {
    let left = batch;
    let plan = ahead;
    for (let known = false; left.length > 0; plan = undefined) {
      if (plan === undefined) {
        const now = this.options.clock.now();
        const filled = await this.fill(left, now, known);
        if (filled === undefined) return left;
        left = filled;
        plan = this.plan(left, now);
      }
      if (plan === undefined) continue;
      const appended = await this.send(plan);
      if (appended === 'moved') return left;
      if (appended === 'appended') {
        left = this.finish(left, plan);
        continue;
      }
      // A repeat of an id that was known all along goes by once: whoever finds it again is not alone on this head.
      if (known) return left;
      known = true;
    }
    return left;
  }

  /** Reads what is missing. @returns those who still wait; undefined when somebody else wrote meanwhile. */
  private async fill(
    batch: readonly Waiting[],
    now: Date,
    known: boolean,
  ): Promise<readonly Waiting[] | undefined> {
    const missing = this.cache.missing(commandsOf(batch), now);
    if (missing === undefined && !known) return batch;
    const question = missing ?? questionOf([], now);
    const commandIds = batch.map(({ command }) => command.id);
    const snapshot = await this.options.store.read({ ...question, commandIds });
    if (snapshot.head.batch !== this.cache.head?.batch) return undefined;
    this.cache.learn(question, snapshot);
    return answerKnown(batch, snapshot.known);
  }

  /** While this waits for the commit, the next batch may be decided on top of it. */
  private async send(plan: PlannedBatch): Promise<Appended> {
    this.sent = plan;
    this.isAhead = false;
    try {
      const appended = await this.append(this.options.store, plan);
      if (appended === 'appended') {
        this.advanceOnce(plan);
        return appended;
      }
      if (!this.hasAdvanced()) return appended;
      // The cache is where this batch would have brought it: it is of no use, and nor is what was decided on it.
      this.forget();
      return 'moved';
    } finally {
      this.sent = undefined;
    }
  }

  /** Under the lock nobody else writes, so this either books the batch or learns why it cannot be. */
  private async postSurely(batch: readonly Waiting[]): Promise<void> {
    let failure: unknown;
    for (let tries = 0; tries < LOCKED_TRIES_MAX; tries += 1) {
      try {
        await this.postUnderLock(batch);
        return;
      } catch (error) {
        this.forget();
        failure = error;
        if (error instanceof RowsRefused) break;
      }
    }
    if (failure instanceof RowsRefused && batch.length > 1) {
      // One command spoils the batch: alone it spoils nothing but itself.
      for (const waiting of batch) await this.postSurely([waiting]);
      return;
    }
    this.options.log.error('ledger batch failed', { commands: batch.length }, failure);
    const unknown = new LedgerUnavailable('the books could not be reached', { cause: failure });
    for (const waiting of batch) waiting.reject(unknown);
  }

  private async postUnderLock(batch: readonly Waiting[]): Promise<void> {
    const { left, plan } = await this.options.store.underLock(async (writer) => {
      const now = this.options.clock.now();
      const question = questionOf(commandsOf(batch), now);
      const snapshot = await writer.read(question);
      // A ghost of a lost batch expects the old head. It is dead as soon as what follows commits; and if there is
      // nothing to write, then because everything is known, which is to say that somebody moved the head.
      this.forget();
      this.cache.learn(question, snapshot);
      const unknown = answerKnown(batch, snapshot.known);
      return { left: unknown, plan: await this.writeUnderLock(writer, unknown, now) };
    });
    this.advance(plan);
    this.finish(left, plan);
  }

  private async writeUnderLock(
    writer: LedgerWriter,
    batch: readonly Waiting[],
    now: Date,
  ): Promise<PlannedBatch> {
    for (;;) {
      const missing = this.cache.missing(commandsOf(batch), now);
      if (missing !== undefined) this.cache.learn(missing, await writer.read(missing));
      const plan = this.plan(batch, now);
      if (plan === undefined) continue;
      const appended = await this.append(writer, plan);
      invariant(
        appended === 'appended',
        'under the lock the head stands still and new ids are new',
      );
      if (!plan.isBacklog) return plan;
      this.advance(plan);
    }
  }

  /** @returns undefined when more must be known before refusals can be explained: what, the cache knows. */
  private plan(batch: readonly Waiting[], now: Date): PlannedBatch | undefined {
    const commands = commandsOf(batch);
    const { head, state } = this.cache.pick(commands, now);
    const blind = Buffer.from(this.random.bytes(BLIND_BYTES)).toString('hex');
    const plan = planBatch(head, state, { due: this.cache.due, commands, blind });
    if (plan.decided.wanting.length === 0) return plan;
    this.cache.want(plan.decided.wanting);
    return undefined;
  }

  private async append(writer: LedgerWriter, plan: PlannedBatch): Promise<Appended> {
    if (plan.rows === undefined) return 'appended';
    this.options.crash.pass('ledger.batch.decided');
    const appended = await writer.append(plan.rows);
    this.options.crash.pass('ledger.batch.written');
    return appended;
  }

  /** Only after the commit: what is answered stays true. @returns those that the batch had no room for. */
  private finish(batch: readonly Waiting[], plan: PlannedBatch): readonly Waiting[] {
    if (plan.rows !== undefined) this.options.onCommitted();
    if (plan.isBacklog) return batch;
    for (const [index, waiting] of batch.entries()) {
      const answer = plan.answers[index];
      if (answer?.result !== undefined) this.recent.keep(waiting.command, answer.result);
      give(waiting, answer);
    }
    return [];
  }

  /** Asked anew after a wait, in which it may have changed. */
  private hasAdvanced(): boolean {
    return this.isAhead;
  }

  private advanceOnce(plan: PlannedBatch): void {
    if (this.isAhead) return;
    this.isAhead = true;
    this.advance(plan);
  }

  private advance({ rows, decided }: PlannedBatch): void {
    if (rows !== undefined) this.cache.advance(rows.after, decided);
  }

  private forget(): void {
    this.cache.drop();
    this.recent.drop();
  }
}
