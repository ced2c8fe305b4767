import { LedgerUnavailable, type LedgerResult } from '@stuiver/contracts';
import { BATCH_COMMANDS_MAX } from '../domain/decide.js';
import type { AcceptedCommand } from './accept-command.js';
import type { Head } from './ledger-store.js';
import type { PlannedBatch } from './plan-batch.js';
import { give, type Waiting } from './waiting.js';
import { WriteBatch, type WriteBatchOptions } from './write-batch.js';

export interface PostBatchOptions extends WriteBatchOptions {
  /** Callers beyond this are turned away at once. */
  readonly queueCommandsMax?: number;
}

/** Callers beyond this are turned away at once: waiting longer would help nobody. Some seconds of full load. */
const QUEUE_COMMANDS_MAX = 20_000;

/**
 * So many are worth a commit of their own: below, deciding a second batch beside the first costs more than the waiting.
 * Measured, see docs/benchmarks.md.
 */
const AHEAD_COMMANDS_MIN = 128;

/** A batch that was decided on top of one that is not committed yet. */
interface Ahead {
  readonly batch: readonly Waiting[];
  /** Undefined once the batch below it failed: then it is decided anew. */
  readonly plan: PlannedBatch | undefined;
  /** The very head that it was decided on: another one of the same number is not the same. */
  readonly on: Head | undefined;
}

/**
 * Books commands in batches: whatever waits when the writer is free is one batch. Idle, a command costs one commit;
 * busy, a commit carries hundreds. Any number of these may work on one database: the chain head lets one of them win.
 */
export class PostBatch {
  private readonly queue: Waiting[] = [];
  private readonly write: WriteBatch;
  private running: Promise<void> | undefined;
  private inHandCount = 0;
  /** Called once so many are waiting. */
  private gathering: { readonly count: number; readonly enough: () => void } | undefined;

  constructor(private readonly options: PostBatchOptions) {
    this.write = new WriteBatch(options);
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
      const recent = this.write.recall(command);
      if (recent !== undefined) {
        give({ command, resolve, reject }, recent);
        return;
      }
      this.queue.push({ command, resolve, reject });
      if (this.gathering !== undefined && this.queue.length >= this.gathering.count) {
        this.gathering.enough();
      }
      this.running ??= this.work();
    });
  }

  /** Waits until everything that was submitted has its answer. */
  async drain(): Promise<void> {
    while (this.running !== undefined) await this.running;
  }

  private async work(): Promise<void> {
    let ahead: Ahead | undefined;
    for (;;) {
      if (ahead?.plan === undefined) await nextTurn();
      if (ahead === undefined && this.queue.length === 0) break;
      const batch = ahead?.batch ?? this.take();
      const posting = this.write.run(batch, ahead?.plan);
      ahead = await this.decideAhead(posting, batch.length);
      this.inHandCount -= batch.length;
    }
    // In the same breath as the look at the queue: whoever comes next starts the work again.
    this.running = undefined;
  }

  /** Of many, half: while they are being written, the other half is decided. */
  private take(): readonly Waiting[] {
    const { length } = this.queue;
    return this.takeMost(length < 2 * AHEAD_COMMANDS_MIN ? length : Math.ceil(length / 2));
  }

  private takeMost(count: number): readonly Waiting[] {
    const batch = this.queue.splice(0, Math.min(count, BATCH_COMMANDS_MAX));
    this.inHandCount += batch.length;
    return batch;
  }

  /**
   * While one batch is written, decides the next as if that had succeeded, once half as many are waiting. It is sent
   * when that has succeeded; when not, it is decided anew. @returns after that batch has its answers.
   */
  private async decideAhead(posting: Promise<void>, size: number): Promise<Ahead | undefined> {
    const gathered = this.gather(Math.max(AHEAD_COMMANDS_MIN, Math.ceil(size / 2)));
    const isOver = await Promise.race([posting.then(() => true), gathered.then(() => false)]);
    this.gathering = undefined;
    if (isOver) return undefined;
    // Lets everybody who just got an answer join. Not a timer.
    await nextTurn();
    const ahead = this.decideOnTop();
    await posting;
    // The cache was dropped: what stood below it is not there.
    return ahead === undefined || this.write.head === ahead.on
      ? ahead
      : { ...ahead, plan: undefined };
  }

  private gather(count: number): Promise<void> {
    if (this.queue.length >= count) return Promise.resolve();
    return new Promise((enough) => (this.gathering = { count, enough }));
  }

  private decideOnTop(): Ahead | undefined {
    if (!this.write.isSending || this.queue.length === 0) return undefined;
    const batch = this.takeMost(this.queue.length);
    return { batch, plan: this.planOnTop(batch), on: this.write.head };
  }

  private planOnTop(batch: readonly Waiting[]): PlannedBatch | undefined {
    try {
      return this.write.decideOnTop(batch);
    } catch {
      // What stands in the way is met again, and told, when its turn has come.
      return undefined;
    }
  }
}

/** Lets everybody who just got an answer, or whose request just came in, join the batch. Not a timer. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
