import type { PoolClient } from 'pg';
import type { BankTransaction } from '@stuiver/iso20022';
import { Money } from '@stuiver/money';
import type { Day } from '../calendar.js';

/** What the bank's statement calls a movement. */
export const CODES = {
  sent: 'PMNT/ICDT/ESCT',
  received: 'PMNT/RCDT/ESCT',
  sentCameBack: 'PMNT/ICDT/RRTN',
  receivedWentBack: 'PMNT/RCDT/RRTN',
} as const;

/** One transaction of a line; the amount is signed, in cents. */
export type NewTransaction = Omit<BankTransaction, 'amount'> & { readonly amountMinor: bigint };

export interface NewEntry {
  readonly iban: string;
  readonly day: Day;
  readonly reversal: boolean;
  readonly code: (typeof CODES)[keyof typeof CODES];
  readonly paymentInformationId: string | null;
  readonly transactions: readonly NewTransaction[];
}

/**
 * Books one line over its transactions; the account's balance moves with it.
 *
 * @returns the bank's reference of the line.
 */
export async function bookEntry(client: PoolClient, entry: NewEntry): Promise<string> {
  const amount = entry.transactions.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  const { rows } = await client.query<{ id: string }>(
    `insert into bank_entry
       (iban, day, amount_minor, reversal, code, payment_information_id, transactions)
     values ($1, $2, $3, $4, $5, $6, $7) returning id`,
    [
      entry.iban,
      entry.day,
      amount.toString(),
      entry.reversal,
      entry.code,
      entry.paymentInformationId,
      JSON.stringify(
        entry.transactions.map((each) => ({ ...each, amountMinor: each.amountMinor.toString() })),
      ),
    ],
  );
  return bankReferenceOf(rows[0]?.id ?? '');
}

/** How the bank names a line on its statement. */
export function bankReferenceOf(entryId: string): string {
  return `STBK-${entryId}`;
}

/** Money from outside to an account of this bank; undefined when there is no such account here. Below zero it is taken back. */
export async function bookCredit(
  client: PoolClient,
  credit: {
    readonly iban: string;
    readonly day: Day;
    readonly amountMinor: bigint;
    readonly from: string;
    readonly endToEndId: string;
    readonly remittance: string;
    readonly returnReason?: string;
  },
): Promise<string | undefined> {
  const { rowCount } = await client.query('select from bank_account where iban = $1', [
    credit.iban,
  ]);
  if (rowCount === 0) return undefined;
  const reversal = credit.returnReason !== undefined;
  return bookEntry(client, {
    iban: credit.iban,
    day: credit.day,
    reversal,
    code: reversal ? CODES.receivedWentBack : CODES.received,
    paymentInformationId: null,
    transactions: [
      {
        amountMinor: credit.amountMinor,
        endToEndId: credit.endToEndId,
        instructionId: null,
        transactionId: null,
        remittance: credit.remittance,
        counterpartyName: credit.from,
        counterpartyIban: null,
        returnReason: credit.returnReason ?? null,
      },
    ],
  });
}

/** As it was kept. */
export function keptTransaction(
  kept: Omit<NewTransaction, 'amountMinor'> & { readonly amountMinor: string },
): BankTransaction {
  const { amountMinor, ...transaction } = kept;
  return { ...transaction, amount: Money.ofMinor(BigInt(amountMinor), 'EUR') };
}
