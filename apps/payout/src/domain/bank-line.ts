import type { Money } from '@stuiver/money';
import type { PayoutState } from './payout-states.js';

/** One thing that the bank's statement says happened: an entry, or one transaction of an entry. */
export interface BankLine {
  readonly id: string;
  readonly kind: 'entry' | 'opening';
  /** Signed: positive came in. */
  readonly amount: Money;
  /** ISO day. */
  readonly bookedOn: string;
  readonly endToEndId: string | null;
  readonly paymentInformationId: string | null;
  readonly transactionCount: number | null;
  readonly returnReason: string | null;
  readonly remittance: string | null;
}

/** What of ours a line may be. */
export interface KnownPayout {
  readonly id: string;
  readonly state: PayoutState;
  readonly amount: Money;
  /** Another line is written down as its payment, or as its return; it may not be booked yet. */
  readonly taken: {
    readonly settled: boolean;
    readonly rejected: boolean;
    readonly returned: boolean;
  };
}

export interface KnownPspPayout {
  readonly id: string;
  readonly amount: Money;
  readonly hasArrived: boolean;
  /** After it arrived, another line took it from our account again. */
  readonly isTakenBack: boolean;
  readonly hasFailed: boolean;
}

export interface Candidates {
  /** Whose EndToEndId the line carries. */
  readonly payout: KnownPayout | null;
  /** Of the batch whose file has the line's PmtInfId: those that no line settled. */
  readonly batch: readonly KnownPayout[] | null;
  /** Those that the line's text names. */
  readonly pspPayouts: readonly KnownPspPayout[];
}
