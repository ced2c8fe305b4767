import { Money } from '@stuiver/money';
import { addDays, type Day } from './t2-calendar.js';

/** When a merchant's account is settled, and from what amount on. */
export interface SettlementTerms {
  /** `asked`: when the merchant's people ask for it, and once the oldest sale is 90 days old. */
  readonly every: 'day' | 'week' | 'month' | 'asked';
  /** With `week`: 1 is Monday. With `month`: 1 to 31, the last day in a month that is shorter. Else null. */
  readonly onDay: number | null;
  /** Below it the account is carried on. */
  readonly minimum: Money;
}

/** What holds for a merchant with whom nothing else is agreed. */
export const STANDARD_TERMS: SettlementTerms = {
  ...{ every: 'day', onDay: null, minimum: Money.zero('EUR') },
};

/** What no settlement has taken yet. */
export interface Unsettled {
  readonly open: Money;
  /** Of its oldest line, in Amsterdam. */
  readonly oldestDay: Day;
  /** Of the settlement before; null when there is none. */
  readonly settledDay: Day | null;
}

/** Pages have a sentence for each. */
export type NotSettled = 'not-yet' | 'below-minimum' | 'when-asked';

/** The longest that money is kept for a merchant. Source: Stripe's limit for manual payouts in the EU. */
const KEPT_DAYS_MAX = 90;

/** Why the account is not settled today; undefined when it is. */
export function whyNotSettled(
  { every, onDay, minimum }: SettlementTerms,
  { open, oldestDay, settledDay }: Unsettled,
  today: Day,
): NotSettled | undefined {
  if (addDays(oldestDay, KEPT_DAYS_MAX) <= today) return undefined;
  if (every === 'asked') return 'when-asked';
  const turn = lastTurn({ every, onDay }, today);
  const wasHad = settledDay !== null && settledDay >= turn;
  if (every !== 'day' && (oldestDay > turn || wasHad)) return 'not-yet';
  return open.minor < minimum.minor ? 'below-minimum' : undefined;
}

/** The first day after this one on which the account has its turn; null when it is only asked for. */
export function nextTurn(terms: Pick<SettlementTerms, 'every' | 'onDay'>, day: Day): Day | null {
  if (terms.every === 'asked') return null;
  let next = addDays(day, 1);
  while (lastTurn(terms, next) !== next) next = addDays(next, 1);
  return next;
}

/** The last day, this one included, on which the account had its turn. */
function lastTurn({ every, onDay }: Pick<SettlementTerms, 'every' | 'onDay'>, day: Day): Day {
  if (every === 'day' || onDay === null) return day;
  if (every === 'week') return addDays(day, -((weekdayOf(day) - onDay + 7) % 7));
  const own = dayOfMonth(day.slice(0, 7), onDay);
  if (own <= day) return own;
  const monthBefore = addDays(`${day.slice(0, 7)}-01`, -1).slice(0, 7);
  return dayOfMonth(monthBefore, onDay);
}

function weekdayOf(day: Day): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
}

/** @param month  `YYYY-MM`. */
function dayOfMonth(month: string, onDay: number): Day {
  const [year = 0, no = 0] = month.split('-').map(Number);
  const days = new Date(Date.UTC(year, no, 0)).getUTCDate();
  return `${month}-${String(Math.min(onDay, days)).padStart(2, '0')}`;
}
