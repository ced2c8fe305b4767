import type { Pool } from 'pg';
import { endBankDay } from './bank/day.js';
import { addDays, type Day } from './calendar.js';
import { lapse } from './captures.js';
import { endPspDay } from './payout-day.js';
import { invalid, tell } from './problem.js';
import { closeOf, type SandboxClock } from './sandbox-clock.js';
import type { Objects, Run } from './store.js';
import type { BankTerms } from './terms.js';

const LOOK_MS = 5_000;
/** A day's end waits for whoever holds an object, where a call would be told to come back. */
const LOCK_MS_MAX = 30_000;
const DAYS_AHEAD_MAX = 400;

/**
 * Ends the sandbox's days, one transaction each, in order: the PSP's payouts first, then the bank with its statements.
 * A process that was killed in between goes on with the day that is open.
 */
export class SandboxDays {
  private timer: NodeJS.Timeout | undefined;
  private ending = Promise.resolve();

  constructor(
    private readonly parts: {
      readonly pool: Pool;
      readonly clock: SandboxClock;
      readonly run: Run;
      readonly bank: BankTerms;
    },
  ) {}

  get clock(): SandboxClock {
    return this.parts.clock;
  }

  async start(): Promise<void> {
    await this.endPastDays();
    this.timer = setInterval(() => {
      this.endPastDays().catch(tell);
    }, LOOK_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.ending.catch(() => undefined);
  }

  /** @throws StripeProblem when that is not ahead, or too far. */
  async advance(days: number): Promise<Day> {
    if (days < 0 || days > DAYS_AHEAD_MAX) {
      throw invalid(`The clock moves ahead, by at most ${DAYS_AHEAD_MAX} days at a time.`);
    }
    await this.parts.clock.move(this.parts.pool, days);
    await this.endPastDays();
    return this.clock.today;
  }

  /** One at a time: two that end the same day would wait for each other. */
  endPastDays(): Promise<void> {
    const mine = this.ending.catch(() => undefined).then(() => this.endAll());
    this.ending = mine;
    return mine;
  }

  private async endAll(): Promise<void> {
    for (let open = ''; open !== this.clock.today;) {
      open = await this.parts.run((objects) => this.endOne(objects));
    }
  }

  /** @returns the day that is open then. */
  private async endOne(objects: Objects): Promise<Day> {
    const { client } = objects;
    await client.query(`set local lock_timeout = ${LOCK_MS_MAX}`);
    const { rows } = await client.query<{ open_day: Day }>(
      'select open_day from sandbox_clock for update',
    );
    const day = rows[0]?.open_day ?? this.clock.today;
    if (day >= this.clock.today) return this.clock.today;
    await lapse(objects.at(closeOf(day)));
    await endPspDay(objects.at(closeOf(day)), day);
    await endBankDay(client, day, this.parts.bank);
    const next = addDays(day, 1);
    await client.query('update sandbox_clock set open_day = $1', [next]);
    return next;
  }
}
