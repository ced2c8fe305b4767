import { type Delivered, workLanes } from '@stuiver/bus';
import type { Log } from '@stuiver/ports';

const BACK_OFF_MS_MIN = 100;
const BACK_OFF_MS_MAX = 5_000;
/** What a killed process handled and did not commit comes again: at most this much of its time. */
const COMMIT_EVERY_MS = 1_000;

export interface PartitionWorkOptions {
  readonly partition: number;
  /** In the partition's order; not empty. */
  readonly messages: readonly Delivered[];
  /** The offset behind them all. */
  readonly end: bigint;
  /** Earlier work on the partition by this process: it must have let go. */
  readonly after: Promise<unknown>;
  readonly log: Log;
  waitingSubjects(): Promise<Set<string>>;
  deliver(message: Delivered, waiting: Set<string>): Promise<void>;
  /** Resolves at once, or when the group has settled who owns what. */
  gate(): Promise<void>;
  /** Everything before this offset is dealt with. */
  commit(offset: bigint): Promise<void>;
}

/** The work was taken away: not a failure. */
class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/**
 * Works on what was fetched from one partition: in order per subject, side by side across subjects. A message whose
 * time has not come is tried again, ever more slowly, for as long as this process owns the partition.
 */
export class PartitionWork {
  /** True when all of it is dealt with; false when it was taken away. Never rejects. */
  readonly settled: Promise<boolean>;
  private cancelled = false;
  private rouse = new Set<() => void>();
  private readonly open: Set<string>;
  private committed = -1n;
  private committedAt = performance.now();

  constructor(private readonly options: PartitionWorkOptions) {
    this.open = new Set(options.messages.map(({ position }) => position));
    this.settled = this.run();
  }

  /** The handlers in hand finish; nothing further begins. */
  cancel(): void {
    this.cancelled = true;
    for (const wake of this.rouse) wake();
  }

  private async run(): Promise<boolean> {
    const { after, messages, partition, log } = this.options;
    await after;
    try {
      const waiting = await this.untilDone(() => this.options.waitingSubjects());
      const failures = await workLanes(messages, (message) => this.workOn(message, waiting));
      await this.commit();
      return failures.length === 0;
    } catch (error) {
      if (!(error instanceof Cancelled)) log.error('partition is let go', { partition }, error);
      return false;
    }
  }

  private async workOn(message: Delivered, waiting: Set<string>): Promise<void> {
    await this.untilDone(() => this.options.deliver(message, waiting));
    this.open.delete(message.position);
    if (performance.now() - this.committedAt > COMMIT_EVERY_MS) await this.commit();
  }

  private async untilDone<T>(work: () => Promise<T>): Promise<T> {
    for (let failures = 1; ; failures += 1) {
      await this.options.gate();
      if (this.cancelled) throw new Cancelled();
      try {
        return await work();
      } catch (error) {
        const { partition, log } = this.options;
        log.error('not yet: the event waits, and its subject', { partition, failures }, error);
      }
      await this.commit();
      await this.rest(Math.min(BACK_OFF_MS_MAX, BACK_OFF_MS_MIN * 2 ** Math.min(failures, 10)));
    }
  }

  /** What is dealt with without a gap. A commit that fails is made up for by a later one, or by handling again. */
  private async commit(): Promise<void> {
    const { messages, end, log, partition } = this.options;
    const first = messages.find(({ position }) => this.open.has(position));
    const offset = first === undefined ? end : BigInt(first.position);
    this.committedAt = performance.now();
    if (offset <= this.committed || offset === BigInt(messages[0]?.position ?? 0)) return;
    this.committed = offset;
    try {
      await this.options.commit(offset);
    } catch (error) {
      log.warn('offset is not committed', { partition, reason: String(error) });
    }
  }

  private async rest(ms: number): Promise<void> {
    if (this.cancelled) return;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.rouse.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.rouse.add(wake);
    });
  }
}
