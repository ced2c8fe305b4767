import { type BankEntry, type BankTransaction, writeCamt053 } from '@stuiver/iso20022';
import { Money } from '@stuiver/money';

const OUR_IBAN = 'NL20INGB0001234567';

/** One line of the bank, in minor units; negative went out. */
export interface Booked {
  readonly amount: bigint;
  readonly endToEndId?: string;
  readonly remittance?: string;
  readonly returnReason?: string;
  /** A batch of ours in one line: no transactions, only the file's id. */
  readonly batch?: string;
}

const euros = (minor: bigint): Money => Money.ofMinor(minor, 'EUR');

/** Our account at the bank: each day's lines become a statement that follows the one before. */
export class Bank {
  private balance: bigint;
  private sequence = 0n;

  constructor(opening = 0n) {
    this.balance = opening;
  }

  /** The end-of-day statement as the bank's file. */
  day(day: string, lines: readonly Booked[], over: { iban?: string } = {}): Buffer {
    this.sequence += 1n;
    const opening = this.balance;
    this.balance += lines.reduce((sum, { amount }) => sum + amount, 0n);
    return Buffer.from(
      writeCamt053({
        ...{ id: `STMT-${day}`, sequence: this.sequence, iban: over.iban ?? OUR_IBAN },
        ...{ fromDay: day, toDay: day, createdAt: new Date(`${day}T22:00:00Z`) },
        ...{ opening: euros(opening), closing: euros(this.balance) },
        entries: lines.map((line) => entryOf(day, line)),
      }),
    );
  }

  /** As if the last statement had not been made. */
  forget(lines: readonly Booked[]): void {
    this.sequence -= 1n;
    this.balance -= lines.reduce((sum, { amount }) => sum + amount, 0n);
  }
}

function entryOf(day: string, line: Booked): BankEntry {
  return {
    ...{ reference: null, bankReference: null, amount: euros(line.amount), bookedOn: day },
    ...{ valuedOn: day, reversal: false, code: null, paymentInformationId: line.batch ?? null },
    transactions: line.batch === undefined ? [transactionOf(line)] : [],
  };
}

function transactionOf(line: Booked): BankTransaction {
  return {
    ...{ amount: euros(line.amount), endToEndId: line.endToEndId ?? null, instructionId: null },
    ...{ transactionId: null, remittance: line.remittance ?? null },
    ...{ counterpartyName: 'J. Jansen', counterpartyIban: 'NL91ABNA0417164300' },
    returnReason: line.returnReason ?? null,
  };
}
