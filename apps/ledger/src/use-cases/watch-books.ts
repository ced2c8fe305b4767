import type { Clock, Log } from '@stuiver/ports';
import { judge, type Verdict, type Watched } from '../domain/watch.js';

/** Port to what is watched. */
export interface WatchReads {
  /** Ages are counted in days of Amsterdam. */
  read(now: Date): Promise<Watched>;
}

export interface ToldWatch {
  readonly state: Verdict['state'];
  readonly change: bigint;
}

/** Port to what was told last. */
export interface WatchMemory {
  told(watch: string): Promise<ToldWatch | null>;
  /** Keeps that this change was told; one that another process kept already stays. */
  keep(watch: string, told: ToldWatch, at: Date): Promise<void>;
}

/** Port to those who want to hear. Telling the same change again has no effect. */
export type TellWatch = (verdict: Verdict, change: bigint, at: Date) => Promise<void>;

export interface WatchBooksOptions {
  readonly reads: WatchReads;
  readonly memory: WatchMemory;
  readonly tell: TellWatch;
  readonly clock: Clock;
  readonly log: Log;
  readonly everyMs?: number;
}

const LOOK_EVERY_MS = 60_000;

/**
 * Looks whether the books are as they should be and tells every change. Told first and remembered then: who dies in
 * between tells the same change again, under the same id.
 */
export class WatchBooks {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private isStopped = false;

  constructor(private readonly options: WatchBooksOptions) {}

  /** What there is to say now. */
  async verdicts(): Promise<readonly Verdict[]> {
    return judge(await this.options.reads.read(this.options.clock.now()));
  }

  /** Looks and tells what has changed since it was last told. */
  async run(): Promise<void> {
    const { memory, tell, clock } = this.options;
    for (const verdict of await this.verdicts()) {
      const last = await memory.told(verdict.watch);
      // That all is well is not news to begin with.
      if ((last?.state ?? 'well') === verdict.state) continue;
      const change = (last?.change ?? 0n) + 1n;
      const at = clock.now();
      await tell(verdict, change, at);
      await memory.keep(verdict.watch, { state: verdict.state, change }, at);
    }
  }

  start(): void {
    if (!this.isStopped && this.timer === undefined) this.lookLater();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.looking;
  }

  private lookLater(): void {
    this.timer = setTimeout(() => {
      this.looking = this.look();
    }, this.options.everyMs ?? LOOK_EVERY_MS).unref();
  }

  private async look(): Promise<void> {
    try {
      await this.run();
    } catch (error) {
      this.options.log.warn('the books were not looked at', { reason: String(error) });
    }
    if (!this.isStopped) this.lookLater();
  }
}
