import type { LedgerBookings, LedgerBooks, LedgerPort } from '@stuiver/contracts';
import type { Clock, CrashPoints, Log } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import { PostgresBookings } from './adapters/postgres/postgres-bookings.js';
import { PostgresLedgerLookups } from './adapters/postgres/postgres-ledger-lookups.js';
import { PostgresLedgerReads } from './adapters/postgres/postgres-ledger-reads.js';
import { PostgresLedgerStore } from './adapters/postgres/postgres-ledger-store.js';
import { KeepBooks } from './use-cases/keep-books.js';
import { ExpireHolds } from './use-cases/expire-holds.js';
import { ClosePeriod } from './use-cases/close-period.js';
import { FindBalanceAt } from './use-cases/find-balance-at.js';
import { FindBooked } from './use-cases/find-booked.js';
import { ListBalances } from './use-cases/list-balances.js';
import { ImportJournal } from './use-cases/import-journal.js';
import { ListDays } from './use-cases/list-days.js';
import { ListOpenHolds } from './use-cases/list-open-holds.js';
import { ListJournal } from './use-cases/list-journal.js';
import { ListStatement } from './use-cases/list-statement.js';
import type { LedgerLookups } from './use-cases/ledger-lookups.js';
import type { Booking } from './use-cases/pass-on.js';
import { PostBatch } from './use-cases/post-batch.js';
import { SubmitBulk } from './use-cases/submit-bulk.js';
import { SubmitCommand } from './use-cases/submit-command.js';
import { TakeTrialBalance } from './use-cases/take-trial-balance.js';
import { TakeTrialBalanceAt } from './use-cases/take-trial-balance-at.js';
import { ViewAccount } from './use-cases/view-account.js';
import { ViewRules } from './use-cases/view-rules.js';
import { VoidCommand } from './use-cases/void-command.js';

export interface BooksOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly crash: CrashPoints;
  readonly onCommitted: () => void;
  readonly queueCommandsMax?: number;
  /** Where commands go first; by default they are booked here. */
  readonly by?: (here: PostBatch) => Booking;
  /** False while another process writes; by default this one does. */
  readonly isOurs?: () => boolean;
}

/** What was, on either clock. */
export interface Lookups {
  readonly findBalanceAt: FindBalanceAt;
  readonly listDays: ListDays;
  readonly viewRules: ViewRules;
  readonly listOpenHolds: ListOpenHolds;
  readonly listBalances: ListBalances;
  readonly takeTrialBalanceAt: TakeTrialBalanceAt;
  readonly findBooked: FindBooked;
  readonly listJournal: ListJournal;
}

/** The ledger without its events: what is asked is booked and answered. */
export interface Books {
  readonly port: LedgerPort;
  readonly postBatch: PostBatch;
  readonly expireHolds: ExpireHolds;
  /** Where the port's commands go. */
  readonly booking: Booking;
  readonly viewAccount: ViewAccount;
  readonly listStatement: ListStatement;
  readonly takeTrialBalance: TakeTrialBalance;
  readonly lookups: Lookups;
  readonly closePeriod: ClosePeriod;
  readonly importJournal: ImportJournal;
  readonly bookings: LedgerBookings;
  /** For whoever closes months. */
  readonly books: LedgerBooks;
}

export function openBooks({ database, by = (here) => here, ...options }: BooksOptions): Books {
  const store = new PostgresLedgerStore(database.pool);
  const postBatch = new PostBatch({ store, ...options });
  const booking = by(postBatch);
  const expireHolds = new ExpireHolds({ store, postBatch, ...options });
  const reads = new PostgresLedgerReads(database);
  const viewAccount = new ViewAccount(reads);
  const listStatement = new ListStatement(reads);
  const takeTrialBalance = new TakeTrialBalance(reads);
  const submitCommand = new SubmitCommand(booking);
  const submitBulk = new SubmitBulk(submitCommand, (error) => {
    options.log.error('a command of a bulk failed', {}, error);
  });
  const voidCommand = new VoidCommand(booking);
  const port: LedgerPort = {
    submit: (command) => submitCommand.run(command),
    submitAll: (commands) => submitBulk.run(commands),
    void: (commandId) => voidCommand.run(commandId),
    account: (account) => viewAccount.run(account),
    statement: (account, page) => listStatement.run(account, page),
    trialBalance: () => takeTrialBalance.run(),
  };
  const closePeriod = new ClosePeriod(postBatch);
  const lookups = new PostgresLedgerLookups(database);
  return {
    ...{ port, postBatch, booking, expireHolds, viewAccount, listStatement, takeTrialBalance },
    ...{ lookups: openLookups(lookups), closePeriod, books: new KeepBooks(lookups, closePeriod) },
    importJournal: new ImportJournal(port),
    bookings: new PostgresBookings(database),
  };
}

function openLookups(lookups: LedgerLookups): Lookups {
  return {
    findBalanceAt: new FindBalanceAt(lookups),
    listDays: new ListDays(lookups),
    listBalances: new ListBalances(lookups),
    takeTrialBalanceAt: new TakeTrialBalanceAt(lookups),
    findBooked: new FindBooked(lookups),
    listJournal: new ListJournal(lookups),
    viewRules: new ViewRules(lookups),
    listOpenHolds: new ListOpenHolds(lookups),
  };
}
