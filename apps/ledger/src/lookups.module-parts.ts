import type { Provider, Type } from '@nestjs/common';
import { AccountRulesController } from './adapters/http/account-rules.controller.js';
import { BalanceAtController } from './adapters/http/balance-at.controller.js';
import { LEDGER_BOOKS } from './adapters/http/books.controller.js';
import { LEDGER_BOOKINGS } from './adapters/http/bookings.controller.js';
import { ClosePeriodController } from './adapters/http/close-period.controller.js';
import { FindBookedController } from './adapters/http/find-booked.controller.js';
import { JournalController } from './adapters/http/journal.controller.js';
import { ListBalancesController } from './adapters/http/list-balances.controller.js';
import { ListDaysController } from './adapters/http/list-days.controller.js';
import { WatchBooksController } from './adapters/http/watch-books.controller.js';
import type { Ledger } from './create-ledger.js';
import { ClosePeriod } from './use-cases/close-period.js';
import { FindBalanceAt } from './use-cases/find-balance-at.js';
import { FindBooked } from './use-cases/find-booked.js';
import { ImportJournal } from './use-cases/import-journal.js';
import { ListBalances } from './use-cases/list-balances.js';
import { ListDays } from './use-cases/list-days.js';
import { ListJournal } from './use-cases/list-journal.js';
import { ListOpenHolds } from './use-cases/list-open-holds.js';
import { TakeTrialBalanceAt } from './use-cases/take-trial-balance-at.js';
import { ViewRules } from './use-cases/view-rules.js';
import { WatchBooks } from './use-cases/watch-books.js';

/** What the operator looks up, besides accounts as they stand; the closing of months, journals. */
export const LOOKUP_CONTROLLERS: readonly Type[] = [
  AccountRulesController,
  BalanceAtController,
  ListDaysController,
  ListBalancesController,
  FindBookedController,
  ClosePeriodController,
  JournalController,
  WatchBooksController,
];

export function lookupProviders({
  lookups,
  closePeriod,
  importJournal,
  watchBooks,
  bookings,
  books,
}: Pick<
  Ledger,
  'lookups' | 'closePeriod' | 'importJournal' | 'watchBooks' | 'bookings' | 'books'
>): Provider[] {
  return [
    { provide: WatchBooks, useValue: watchBooks },
    { provide: LEDGER_BOOKINGS, useValue: bookings },
    { provide: LEDGER_BOOKS, useValue: books },
    { provide: ClosePeriod, useValue: closePeriod },
    { provide: ImportJournal, useValue: importJournal },
    { provide: ListJournal, useValue: lookups.listJournal },
    { provide: FindBalanceAt, useValue: lookups.findBalanceAt },
    { provide: ListDays, useValue: lookups.listDays },
    { provide: ListBalances, useValue: lookups.listBalances },
    { provide: TakeTrialBalanceAt, useValue: lookups.takeTrialBalanceAt },
    { provide: FindBooked, useValue: lookups.findBooked },
    { provide: ViewRules, useValue: lookups.viewRules },
    { provide: ListOpenHolds, useValue: lookups.listOpenHolds },
  ];
}
