import type { Money } from '@stuiver/money';

/** A bank's statement of one account over some days, as camt.053 tells it. */
export interface BankStatement {
  /** The bank's own id of it (`Stmt/Id`). */
  readonly id: string;
  /** `ElctrncSeqNb`; null when the bank gives none. */
  readonly sequence: bigint | null;
  readonly iban: string;
  /** ISO days in the bank's time zone. */
  readonly fromDay: string;
  readonly toDay: string;
  readonly createdAt: Date;
  /** Signed: below zero is overdrawn. `closing = opening + Σ entries` or the file is refused. */
  readonly opening: Money;
  readonly closing: Money;
  readonly entries: readonly BankEntry[];
}

/** One booked line. A batch-booked line carries its transactions, whose amounts sum to the line's. */
export interface BankEntry {
  readonly reference: string | null;
  /** The account servicer's reference: the bank's id of the line. */
  readonly bankReference: string | null;
  /** Signed: positive came in. */
  readonly amount: Money;
  readonly bookedOn: string;
  readonly valuedOn: string;
  readonly reversal: boolean;
  /** Domain/family/sub-family, such as `PMNT/ICDT/ESCT`; null when absent. */
  readonly code: string | null;
  /** `PmtInfId` of a batch of ours. */
  readonly paymentInformationId: string | null;
  readonly transactions: readonly BankTransaction[];
}

export interface BankTransaction {
  /** Signed like its entry. */
  readonly amount: Money;
  readonly endToEndId: string | null;
  readonly instructionId: string | null;
  readonly transactionId: string | null;
  readonly remittance: string | null;
  readonly counterpartyName: string | null;
  readonly counterpartyIban: string | null;
  /** ISO reason code of a return, such as `AC04`. */
  readonly returnReason: string | null;
}
