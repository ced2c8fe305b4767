import type { Log } from '@stuiver/ports';

/** `more`: there was work and there may be more, so the next turn follows at once. */
export type Turn = 'more' | 'idle';

export interface LoopOptions {
  readonly name: string;
  /** How long an idle loop rests when nobody wakes it. */
  readonly everyMs: number;
  readonly log: Log;
  readonly turn: () => Promise<Turn>;
}

const BACK_OFF_MS_MIN = 100;
const BACK_OFF_MS_MAX = 5_000;

/** Works on what is due, one turn at a time: on start, when woken, and every so often. A failing turn is tried again, ever more slowly. */
export class Loop {
  private running: Promise<void> | undefined;
  private stopping = false;
  private woken = false;
  private rouse: (() => void) | undefined;

  constructor(private readonly options: LoopOptions) {}

  start(): void {
    this.running ??= this.run();
  }

  /** There is work now. Safe to call at any time. */
  wake(): void {
    this.woken = true;
    this.rouse?.();
  }

  /** Waits for the turn in hand. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.stopping) {
      this.woken = false;
      try {
        const turn = await this.options.turn();
        failures = 0;
        if (turn === 'idle') await this.rest(this.options.everyMs);
      } catch (error) {
        failures += 1;
        this.options.log.error('loop turn failed', { loop: this.options.name, failures }, error);
        await this.rest(Math.min(BACK_OFF_MS_MAX, BACK_OFF_MS_MIN * 2 ** Math.min(failures, 10)));
      }
    }
  }

  private async rest(ms: number): Promise<void> {
    if (this.woken) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.rouse = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.rouse = undefined;
  }
}
