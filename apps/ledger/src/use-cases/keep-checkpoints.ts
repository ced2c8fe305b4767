import type { Clock, Log } from '@stuiver/ports';
import type { Checkpoints } from './checkpoints.js';
import type { MakeCheckpoint } from './make-checkpoint.js';

const LOOK_MS = 10_000;
/** So long a chain a receipt carries at most: 70 bytes a batch. */
const BATCHES_MAX = 1_000n;
const AGE_MS_MAX = 3_600_000;

export interface KeepCheckpointsOptions {
  readonly checkpoints: Checkpoints;
  readonly makeCheckpoint: MakeCheckpoint;
  readonly clock: Clock;
  readonly log: Log;
}

/** Signs the books every thousand batches, and every hour in which something was booked. */
export class KeepCheckpoints {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly options: KeepCheckpointsOptions) {}

  start(): void {
    this.timer ??= setInterval(() => {
      this.running = this.running.then(() => this.look());
    }, LOOK_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    await this.running;
  }

  /** Makes a checkpoint when one is due. */
  async look(): Promise<void> {
    try {
      if (await this.isDue()) await this.options.makeCheckpoint.run();
    } catch (error) {
      this.options.log.error('ledger checkpoint failed', {}, error);
    }
  }

  private async isDue(): Promise<boolean> {
    const { checkpoints, clock } = this.options;
    const standing = await checkpoints.standing();
    if (standing === undefined) return false;
    const last = await checkpoints.last();
    if (last === undefined) return true;
    const batches = BigInt(standing.batch) - BigInt(last.batch);
    const ageMs = clock.now().getTime() - Date.parse(last.at);
    return batches >= BATCHES_MAX || (batches > 0n && ageMs >= AGE_MS_MAX);
  }
}
