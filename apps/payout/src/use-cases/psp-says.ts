import type { Money } from '@stuiver/money';
import type { PspStore } from './recon-ports.js';

/** A PSP's list of transactions may lag behind its balance; so long after a reading its sum must have been listed. */
const LIST_LAG_MS_MAX = 2 * 60_000;

interface Reading {
  readonly held: Money;
  /** How far the import was before the PSP was asked. */
  readonly since: bigint;
  readonly at: Date;
}

/**
 * Whether the balance that the PSP states is the sum of the transactions that it lists. The list may lag, so a reading
 * is compared again until its sum was listed at some moment after it, which holds under load too; one that never was
 * listed in time is a PSP, or an import, that miscounts.
 */
export class PspSays {
  private waiting: Reading | null = null;
  /** Until a sum is listed again. */
  private hasDiffered = false;

  constructor(private readonly store: Pick<PspStore, 'wasHeld'>) {}

  /** @returns `listed`; `lagging` while it may still be; `differs` when it is not the sum. */
  async compare(reading: Reading): Promise<'listed' | 'lagging' | 'differs'> {
    if (await this.store.wasHeld(reading.held, reading.since)) {
      this.waiting = null;
      this.hasDiffered = false;
      return 'listed';
    }
    const before = this.waiting ?? reading;
    if (await this.store.wasHeld(before.held, before.since)) {
      this.hasDiffered = false;
      this.waiting = reading;
    } else if (reading.at.getTime() - before.at.getTime() >= LIST_LAG_MS_MAX) {
      this.hasDiffered = true;
      this.waiting = reading;
    } else {
      this.waiting = before;
    }
    return this.hasDiffered ? 'differs' : 'lagging';
  }
}
