import type { WriteOffReason } from '@stuiver/contracts';
import type { Money } from '@stuiver/money';
import type { AuditWrites } from '@stuiver/ports';
import type { Intent } from './recon-ports.js';
import type { Person } from './ports.js';

/** Why a line of the bank is nobody's, and who said so. */
export interface WriteOff {
  readonly id: string;
  readonly lineId: string;
  readonly state: 'asked' | 'approved' | 'refused' | 'withdrawn';
  readonly reason: WriteOffReason;
  readonly note: string;
  /** The line's: signed, positive came in. */
  readonly amount: Money;
  /** Of line, amount, reason and note: what the second person agrees to. */
  readonly detailsSha256: string;
  readonly askedBy: Person;
  readonly askedAt: Date;
  readonly approvedBy: Person | null;
  readonly endedBy: Person | null;
}

/** Of the line, under its lock. */
export interface LineWrittenOff {
  readonly id: string;
  readonly bookedOn: string;
  /** No rule and nobody placed it. */
  readonly isOpen: boolean;
}

export interface WriteOffWrites extends AuditWrites {
  lock(id: string): Promise<{ writeOff: WriteOff; line: LineWrittenOff } | undefined>;
  /** @throws Refusal STATE_CONFLICT when the line is not open, or another one of it is. */
  insert(asked: {
    id: string;
    lineId: string;
    reason: WriteOffReason;
    note: string;
    by: Person;
    at: Date;
  }): Promise<void>;
  /** The approval, the line's match and what the books must be told: with them the line is done. */
  saveApproved(
    writeOff: WriteOff,
    approved: { by: Person; at: Date; intent: Intent },
  ): Promise<void>;
  saveEnded(
    id: string,
    end: { state: 'refused' | 'withdrawn'; by: Person; at: Date },
  ): Promise<void>;
}

export interface WriteOffStore {
  run<T>(work: (writes: WriteOffWrites) => Promise<T>): Promise<T>;
}
