import type { AuditWrites } from '@stuiver/ports';
import type { Month } from '../domain/month.js';
import type { Person } from './ports.js';

/**
 * What is open when a month ends: no statement up to its last business day; exceptions of its days; a difference that
 * nothing explains; bookings on record that the ledger does not have.
 */
export type MonthFinding =
  'statement-missing' | 'exceptions-open' | 'tie-out-differs' | 'not-booked-yet';

/** Why a month cannot be closed now, whatever anybody says. */
export type MonthObstacle =
  'month-closed' | 'month-not-over-yet' | 'earlier-month-open' | 'books-do-not-balance';

/** How a month was or is being closed. */
export interface MonthClose {
  readonly month: Month;
  readonly state: 'prepared' | 'closing' | 'closed';
  /** The file that two people agreed to, or are to agree to. */
  readonly sha256: string;
  /** What was open when it was prepared. */
  readonly findings: readonly MonthFinding[];
  readonly note: string | null;
  readonly maker: Person;
  readonly preparedAt: Date;
  readonly checker: Person | null;
  readonly agreedAt: Date | null;
  readonly closedAt: Date | null;
  /** How the month ended; null until it is closed. */
  readonly final: { readonly csv: string; readonly sha256: string } | null;
}

export interface MonthWrites extends AuditWrites {
  /** Nobody else prepares or closes this month until the transaction ends. */
  lock(month: Month): Promise<MonthClose | undefined>;
  /** In place of what was prepared before. */
  savePrepared(prepared: {
    month: Month;
    csv: string;
    findings: readonly MonthFinding[];
    note: string | null;
    by: Person;
    at: Date;
  }): Promise<void>;
  saveAgreed(close: MonthClose, agreed: { by: Person; at: Date }): Promise<void>;
  saveClosed(month: Month, final: { csv: string; at: Date }): Promise<void>;
}

export interface MonthStore {
  run<T>(work: (writes: MonthWrites) => Promise<T>): Promise<T>;
  find(month: Month): Promise<MonthClose | undefined>;
  /** The last first. */
  list(): Promise<readonly MonthClose[]>;
  /** Agreed to, and not closed for all that is known. */
  unfinished(): Promise<readonly Month[]>;
  /** What is open about a month at this moment. `usesBank`: something was booked on our bank account. */
  findings(month: Month, at: Date, usesBank: boolean): Promise<readonly MonthFinding[]>;
}
