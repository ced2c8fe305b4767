import type { Pool } from 'pg';
import type { Clock } from '@stuiver/ports';
import { type Day, dayOf, endOf } from './calendar.js';

export const CLOCK_SCHEMA = `
create table if not exists sandbox_clock (
  single boolean primary key default true check (single),
  ahead_ms bigint not null default 0 check (ahead_ms >= 0),
  -- The day that is not ended yet, at the PSP and at the bank.
  open_day text not null
);
`;

/** The sandbox's time: the real one, moved ahead by whole days. It never goes back. */
export class SandboxClock implements Clock {
  private aheadMs = 0;

  constructor(private readonly real: Clock) {}

  now(): Date {
    return new Date(this.real.now().getTime() + this.aheadMs);
  }

  get today(): Day {
    return dayOf(this.now());
  }

  /** As the last process left it. */
  async remember(pool: Pool): Promise<void> {
    const { rows } = await pool.query<{ ahead_ms: string }>(
      `insert into sandbox_clock (open_day) values ($1)
       on conflict (single) do update set single = true returning ahead_ms`,
      [this.today],
    );
    this.aheadMs = Number(rows[0]?.ahead_ms ?? 0);
  }

  /** Moves the time ahead, and remembers it first. @returns the day it is then. */
  async move(pool: Pool, days: number): Promise<Day> {
    const { rows } = await pool.query<{ ahead_ms: string }>(
      'update sandbox_clock set ahead_ms = ahead_ms + $1 returning ahead_ms',
      [days * DAY_MS],
    );
    this.aheadMs = Number(rows[0]?.ahead_ms ?? 0);
    return this.today;
  }
}

const DAY_MS = 86_400_000;

/** The end of a day: when what happened at its close is said to have happened. */
export function closeOf(day: Day): Clock {
  return { now: () => endOf(day) };
}
