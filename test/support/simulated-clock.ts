import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { REPOSITORY_ROOT } from '@stuiver/testing';
import { LOOK_MS, shiftDates } from './shifted-time.mjs';

const PRELOAD = join(REPOSITORY_ROOT, 'test', 'support', 'shifted-time.mjs');

/** One time for the whole world: this process, and every process that is started with its environment. */
export class SimulatedClock {
  private aheadMs: number;
  private readonly realNow: () => number;

  private constructor(
    private readonly folder: string,
    start: Date,
  ) {
    const realDate = Date;
    this.realNow = () => realDate.now();
    this.aheadMs = start.getTime() - this.realNow();
    shiftDates(globalThis, () => this.aheadMs);
  }

  static async at(start: Date): Promise<SimulatedClock> {
    const folder = await mkdtemp(join(tmpdir(), 'stuiver-clock-'));
    const clock = new SimulatedClock(folder, start);
    await clock.tell();
    return clock;
  }

  get environment(): Readonly<Record<string, string>> {
    const url = pathToFileURL(PRELOAD);
    url.searchParams.set('file', this.file);
    return { NODE_OPTIONS: `--import ${url.href}` };
  }

  /** Ends when everybody lives then; it goes on from there by itself. @throws RangeError when that is over already. */
  async goTo(moment: Date): Promise<void> {
    const aheadMs = moment.getTime() - this.realNow();
    if (aheadMs < this.aheadMs) throw new RangeError(`${moment.toISOString()} is over already`);
    this.aheadMs = aheadMs;
    await this.tell();
    await setTimeout(LOOK_MS * 2);
  }

  /** Whoever reads it in the meantime reads the old file whole. */
  private async tell(): Promise<void> {
    await writeFile(`${this.file}.next`, String(this.aheadMs));
    await rename(`${this.file}.next`, this.file);
  }

  close(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  private get file(): string {
    return join(this.folder, 'ahead-ms');
  }
}
