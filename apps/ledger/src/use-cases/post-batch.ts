import { LedgerUnavailable, type LedgerResult } from '@stuiver/contracts';
import { invariant } from '@stuiver/errors';
import { type Clock, type CrashPoints, type Log, type Random, SystemRandom } from '@stuiver/ports';
import { BATCH_COMMANDS_MAX, isSameCommand } from '../domain/decide.js';
import { type AcceptedCommand, contentSha256 } from './accept-command.js';
import { LedgerCache, questionOf } from './ledger-cache.js';
import {
  type KnownCommand,
  type LedgerStore,
  type LedgerWriter,
  RowsRefused,
} from './ledger-store.js';
import { type Answer, conflict, planBatch, type PlannedBatch } from './plan-batch.js';

export interface PostBatchOptions {
  readonly store: LedgerStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly crash: CrashPoints;
  /** The system's own unless a test says otherwise. */
  readonly random?: Random;
  /** A batch is committed; there may be something to tell others. */
  readonly onCommitted: () => void;
  /** Callers beyond this are turned away at once. */
  readonly queueCommandsMax?: number;
}

/** Callers beyond this are turned away at once: waiting longer would help nobody. Some seconds of full load. */
const QUEUE_COMMANDS_MAX = 20_000;
/** What hides the sides of a batch's transfers from each other. */
const BLIND_BYTES = 32;
/** A lost connection is followed by a look under the lock; so often, then the callers learn that we do not know. */
const LOCKED_TRIES_MAX = 3;

interface Waiting {
  readonly command: AcceptedCommand;
  readonly resolve: (result: LedgerResult) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Books commands in batches: whatever waits when the writer is free is one batch. Idle, a command costs one commit;
 * busy, a commit carries hundreds. Any number of these may work on one database: the chain head lets one of them win.
 */
export class PostBatch {
  private readonly queue: Waiting[] = [];
  private readonly cache = new LedgerCache();
  private running: Promise<void> | undefined;
  private inHandCount = 0;
  private readonly random: Random;

  constructor(private readonly options: PostBatchOptions) {
    this.random = options.random ?? new SystemRandom();
  }

  /** Commands that were taken and have no answer yet. */
  get waitingCount(): number {
    return this.queue.length + this.inHandCount;
  }

  /**
   * @throws LedgerUnavailable when the outcome is unknown or the queue is full; Refusal COMMAND_CONFLICT for a used id
   * with other content, PARAM_ERROR for what no account can hold.
   */
  run(command: AcceptedCommand): Promise<LedgerResult> {
    if (this.queue.length >= (this.options.queueCommandsMax ?? QUEUE_COMMANDS_MAX)) {
      return Promise.reject(new LedgerUnavailable('too many commands are waiting'));
    }
    return new Promise((resolve, reject) => {
      this.queue.push({ command, resolve, reject });
      this.running ??= this.work();
    });
  }

  /** Waits until everything that was submitted has its answer. */
  async drain(): Promise<void> {
    while (this.running !== undefined) await this.running;
  }

  private async work(): Promise<void> {
    for (;;) {
      // Lets everybody who just got an answer, or whose request just came in, join the batch. Not a timer.
      await new Promise((resolve) => setImmediate(resolve));
      if (this.queue.length === 0) break;
      const batch = this.queue.splice(0, BATCH_COMMANDS_MAX);
      this.inHandCount = batch.length;
      await this.post(batch);
      this.inHandCount = 0;
    }
    // In the same breath as the look at the queue: whoever comes next starts the work again.
    this.running = undefined;
  }

  private async post(batch: readonly Waiting[]): Promise<void> {
    let left = batch;
    try {
      if (this.cache.head !== undefined) left = await this.postOnCache(batch);
    } catch (error) {
      this.options.log.warn('ledger batch lost its answer', {
        commands: batch.length,
        reason: String(error),
      });
    }
    if (left.length > 0) await this.postSurely(left);
  }

  /** Decides on what is cached. @returns those who still wait because somebody else wrote meanwhile. */
  private async postOnCache(batch: readonly Waiting[]): Promise<readonly Waiting[]> {
    let left = batch;
    for (let known = false; left.length > 0;) {
      const now = this.options.clock.now();
      const missing = this.cache.missing(commandsOf(left), now);
      if (known || missing !== undefined) {
        const question = missing ?? questionOf([], now);
        const commandIds = left.map(({ command }) => command.id);
        const snapshot = await this.options.store.read({ ...question, commandIds });
        if (snapshot.head.batch !== this.cache.head?.batch) return left;
        this.cache.learn(question, snapshot);
        left = answerKnown(left, snapshot.known);
      }
      const plan = this.plan(left, now);
      if (plan === undefined) continue;
      const appended = await this.append(this.options.store, plan);
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

  /** Under the lock nobody else writes, so this either books the batch or learns why it cannot be. */
  private async postSurely(batch: readonly Waiting[]): Promise<void> {
    let failure: unknown;
    for (let tries = 0; tries < LOCKED_TRIES_MAX; tries += 1) {
      try {
        await this.postUnderLock(batch);
        return;
      } catch (error) {
        this.cache.drop();
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
      this.cache.drop();
      this.cache.learn(question, snapshot);
      const unknown = answerKnown(batch, snapshot.known);
      return { left: unknown, plan: await this.writeUnderLock(writer, unknown, now) };
    });
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

  private async append(
    writer: LedgerWriter,
    plan: PlannedBatch,
  ): Promise<'appended' | 'moved' | 'known'> {
    if (plan.rows === undefined) return 'appended';
    this.options.crash.pass('ledger.batch.decided');
    const appended = await writer.append(plan.rows);
    this.options.crash.pass('ledger.batch.written');
    return appended;
  }

  /** Only after the commit: what is answered stays true. @returns those that the batch had no room for. */
  private finish(batch: readonly Waiting[], plan: PlannedBatch): readonly Waiting[] {
    this.advance(plan);
    if (plan.rows !== undefined) this.options.onCommitted();
    if (plan.isBacklog) return batch;
    for (const [index, waiting] of batch.entries()) give(waiting, plan.answers[index]);
    return [];
  }

  private advance({ rows, decided }: PlannedBatch): void {
    if (rows !== undefined) this.cache.advance(rows.after, decided);
  }
}

function commandsOf(batch: readonly Waiting[]): readonly AcceptedCommand[] {
  return batch.map(({ command }) => command);
}

function give(waiting: Waiting, answer: Answer | undefined): void {
  if (answer?.result !== undefined) waiting.resolve(answer.result);
  else if (answer?.refusal !== undefined) waiting.reject(answer.refusal);
  else waiting.reject(new LedgerUnavailable('the batch gave no answer'));
}

/** Answers everybody whose id has its answer already. @returns the others. */
function answerKnown(
  batch: readonly Waiting[],
  known: readonly KnownCommand[],
): readonly Waiting[] {
  if (known.length === 0) return batch;
  const byId = new Map(known.map((command) => [command.id, command]));
  return batch.filter((waiting) => {
    const first = byId.get(waiting.command.id);
    if (first === undefined) return true;
    give(waiting, answerOf(first, waiting.command));
    return false;
  });
}

function answerOf(first: KnownCommand, { id, command, content }: AcceptedCommand): Answer {
  const same = isSameCommand(
    { kind: first.kind, content: first.contentSha256 },
    { kind: command.kind, content: contentSha256(content) },
  );
  return same ? { result: first.result } : { refusal: conflict(id) };
}
