import type { EventBus } from '@stuiver/bus';
import type { LedgerBookings, LedgerBooks, LedgerPort, MoneyMode } from '@stuiver/contracts';
import type { Clock, CrashPoints, Gauges, KeyStore, Log, Random } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import type { PspAccount, PspMerchantAccounts } from '@stuiver/psp';
import type { StaffSessions } from '@stuiver/staff';
import type { PrefundingRule } from './use-cases/bank-funds.js';
import type { Debtor } from './adapters/file/sepa-file.js';

/** What the service needs from whoever starts it. */
export interface PayoutOptions {
  /** Schema `payout`, as its role. */
  readonly database: Database;
  readonly bus: EventBus;
  readonly ledger: LedgerPort;
  /** What the ledger booked, to be compared with what Payout says. Absent: nothing is compared. */
  readonly bookings?: LedgerBookings;
  /** The general ledger, whose months finance closes. */
  readonly books: LedgerBooks;
  readonly keys: KeyStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly crash: CrashPoints;
  readonly operatorToken: string;
  /** Exported files lie in `{dataDir}/payouts`. */
  readonly dataDir: string;
  /** The account that pays. */
  readonly debtor: Debtor;
  readonly sandbox: boolean;
  /** With a key that can read balances and pay out, and nothing else. Absent: only the bank is reconciled. */
  readonly pspAccount?: PspAccount;
  /** Absent: `self-held`. Where the PSP holds the merchants' money, no bank file is made. */
  readonly moneyMode?: MoneyMode;
  /** Needed when the PSP holds the merchants' money. */
  readonly merchantAccounts?: PspMerchantAccounts;
  /** Whether a batch may exceed what the paying account has. Absent: in the sandbox it may, else somebody must agree. */
  readonly prefunding?: PrefundingRule;
  /** Where figures are read when somebody asks. */
  readonly metrics?: Gauges;
  /** Who of the staff is here. Absent: the consoles' endpoints are not there. */
  readonly staff?: StaffSessions;
}
