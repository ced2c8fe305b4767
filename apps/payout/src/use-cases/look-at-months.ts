import type { LedgerBooks } from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';
import type { Clock } from '@stuiver/ports';
import {
  lastMomentBefore,
  lastMomentOf,
  type Month,
  monthOf,
  monthsBack,
  nextMonth,
} from '../domain/month.js';
import { amsterdamDay } from '../domain/t2-calendar.js';
import { type TrialBalance, trialBalanceOf } from '../domain/trial-balance.js';
import type { MonthClose, MonthFinding, MonthObstacle, MonthStore } from './month-ports.js';
import { type TrialBalanceFile, trialBalanceFile } from './trial-balance-file.js';

/** A month of the books, and how far its closing is. */
export interface KnownMonth {
  readonly month: Month;
  readonly isOver: boolean;
  /** Nothing takes effect in it any more, whoever closed it. */
  readonly isClosed: boolean;
  readonly close: MonthClose | undefined;
}

export interface LookedAt extends KnownMonth {
  /** As the ledger has it now. */
  readonly trialBalance: TrialBalanceFile;
  /** What is open; none once it is closed. */
  readonly findings: readonly MonthFinding[];
  /** Why it cannot be prepared or closed now; null when it can. */
  readonly obstacle: MonthObstacle | null;
}

/** The months of the books, and what there is to know before one is closed. Nothing changes. */
export class LookAtMonths {
  constructor(
    private readonly store: MonthStore,
    private readonly books: LedgerBooks,
    private readonly clock: Clock,
  ) {}

  /** From the first booking to now, the last first. @throws LedgerUnavailable */
  async list(): Promise<readonly KnownMonth[]> {
    const now = this.clock.now();
    const { firstDay, openFrom } = await this.books.span();
    if (firstDay === null) return [];
    const closes = new Map((await this.store.list()).map((close) => [close.month, close]));
    return monthsBack(monthOf(firstDay), monthOf(amsterdamDay(now))).map((month) => ({
      month,
      isOver: lastMomentOf(month) < now,
      isClosed: openFrom !== null && lastMomentOf(month) < new Date(openFrom),
      close: closes.get(month),
    }));
  }

  /** @throws Refusal NOT_FOUND for a month that the books do not have; LedgerUnavailable */
  async one(month: Month): Promise<LookedAt> {
    const months = await this.list();
    const known = months.find((each) => each.month === month);
    if (known === undefined) throw new Refusal('NOT_FOUND', { month });
    const trialBalance = await this.trialBalance(month);
    const usesBank = trialBalance.rows.some(({ account }) => account.startsWith('bank:'));
    const findings = known.isClosed
      ? []
      : await this.store.findings(month, this.clock.now(), usesBank);
    return { ...known, trialBalance, findings, obstacle: obstacleTo(known, months, trialBalance) };
  }

  /** @throws LedgerUnavailable */
  async trialBalance(month: Month): Promise<TrialBalanceFile> {
    const [before, end] = await Promise.all([
      this.books.booksAt(lastMomentBefore(month)),
      this.books.booksAt(lastMomentOf(month)),
    ]);
    return trialBalanceFile(trialBalanceOf(month, before.kinds, end.kinds));
  }
}

function obstacleTo(
  { month, isOver, isClosed }: KnownMonth,
  months: readonly KnownMonth[],
  { debit, credit }: TrialBalance,
): MonthObstacle | null {
  if (isClosed) return 'month-closed';
  if (!isOver) return 'month-not-over-yet';
  if (months.some((each) => nextMonth(each.month) === month && !each.isClosed)) {
    return 'earlier-month-open';
  }
  return debit.equals(credit) ? null : 'books-do-not-balance';
}
