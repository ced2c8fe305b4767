import type { Clock, Log } from '@stuiver/ports';
import { acceptExpiry } from './accept-command.js';
import { questionOf } from './ledger-cache.js';
import type { LedgerStore } from './ledger-store.js';
import type { PostBatch } from './post-batch.js';

export interface ExpireHoldsOptions {
  readonly store: LedgerStore;
  readonly postBatch: PostBatch;
  readonly clock: Clock;
  readonly log: Log;
  readonly everyMs?: number;
  /** False while another process writes: that one looks, and keeps its cache. */
  readonly isOurs?: () => boolean;
}

/** One look at an index. Any process may find what another one placed, also after that one died. */
const LOOK_EVERY_MS = 1_000;

/**
 * Wakes the writer when a hold is due. Busy, it needs no waking: every batch begins with what is due. Each hold's expiry
 * has an id of its own, so it does not matter how many processes find it.
 */
export class ExpireHolds {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private isStopped = false;

  constructor(private readonly options: ExpireHoldsOptions) {}

  start(): void {
    if (this.isStopped || this.timer !== undefined) return;
    this.lookLater();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.looking;
  }

  /** Expires what is due now. One is enough: the batch of the first brings all others that are due. */
  async run(): Promise<void> {
    const { store, postBatch, clock } = this.options;
    const { rare } = await store.read(questionOf([], clock.now()));
    const [first] = rare.due;
    if (first !== undefined) await postBatch.run(acceptExpiry(first));
  }

  private lookLater(): void {
    this.timer = setTimeout(() => {
      this.looking = this.look();
    }, this.options.everyMs ?? LOOK_EVERY_MS).unref();
  }

  private async look(): Promise<void> {
    try {
      if (this.options.isOurs?.() !== false) await this.run();
    } catch (error) {
      this.options.log.warn('holds that are due were not expired', { reason: String(error) });
    }
    if (!this.isStopped) this.lookLater();
  }
}
