import type {
  AccountSetCommand,
  DecidableCommand,
  LimitSetCommand,
  PeriodCloseCommand,
} from './commands.js';
import { type Decision, impossible, type Refused, refused } from './decision.js';
import { postingOf } from './posting-rules.js';
import { isStepCommand } from './steps.js';

/** Before this nothing is closed. */
export const NOTHING_CLOSED = new Date(0);

const MONTH = /^(\d{4})-(0[1-9]|1[0-2])$/;
const HOUR_MS = 3_600_000;
/** What Amsterdam may be ahead of UTC. */
const HOURS_AHEAD = [2, 1];
const IN_AMSTERDAM = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/Amsterdam',
  dateStyle: 'short',
  timeStyle: 'short',
  hourCycle: 'h23',
});

/**
 * The first moment after a calendar month of Europe/Amsterdam (`2026-10`), which is when the books are open from once
 * the month is closed. Undefined for what is no month.
 */
export function endOfMonth(month: string): Date | undefined {
  const [, year, number] = MONTH.exec(month) ?? [];
  if (year === undefined || number === undefined) return undefined;
  // As UTC counts months from 0, this is the first day of the next one.
  const midnight = Date.UTC(Number(year), Number(number), 1);
  const first = new Date(midnight).toISOString().slice(0, 10);
  return HOURS_AHEAD.map((hours) => new Date(midnight - hours * HOUR_MS)).find(
    (at) => IN_AMSTERDAM.format(at) === `${first}, 00:00`,
  );
}

/** When something takes effect: at its own time, or as soon as the books are open again. */
export function effectiveTime(own: Date, openFrom: Date): Date {
  return own < openFrom ? openFrom : own;
}

/** Moves nothing, and is about what is booked from here on. */
function isAboutNow(command: DecidableCommand): command is AccountSetCommand | LimitSetCommand {
  return command.kind === 'account-set' || command.kind === 'limit-set';
}

/** From when the books are open, while a batch is decided. */
export class OpenPeriod {
  constructor(
    /** The first moment that is not closed. */
    public openFrom: Date,
    /** The batch's time. */
    private readonly at: Date,
  ) {}

  /** Why the command cannot take effect at its time; undefined when it can. */
  obstacle(command: DecidableCommand): Refused | undefined {
    if (this.openFrom <= NOTHING_CLOSED || !('effectiveAt' in command)) return undefined;
    const isClosed = Date.parse(command.effectiveAt) < this.openFrom.getTime();
    if (!isClosed || isAboutNow(command)) return undefined;
    // What has happened outside is never refused: it takes effect as soon as it can.
    const isAsk =
      isStepCommand(command) || command.kind === 'reversal' || postingOf(command).nature === 'ask';
    return isAsk ? this.refusal() : undefined;
  }

  close({ month }: PeriodCloseCommand): Decision {
    const end = endOfMonth(month);
    if (end === undefined || end > this.at) {
      return impossible('must be a month that is over', month);
    }
    if (end <= this.openFrom) return this.refusal();
    this.openFrom = end;
    return { outcome: 'posted', moves: [], openFrom: end };
  }

  private refusal(): Refused {
    return { ...refused('PERIOD_CLOSED'), firstOpenAt: this.openFrom };
  }
}
