import type { PoolClient } from 'pg';
import { type BankEntry, type BankStatement, writeCamt053 } from '@stuiver/iso20022';
import { Money } from '@stuiver/money';
import type { Day } from '../calendar.js';
import { bankReferenceOf, keptTransaction } from './entries.js';

export interface BankAccount {
  readonly iban: string;
  readonly name: string;
  readonly stated_minor: string;
  readonly last_sequence: string;
}

interface KeptEntry {
  readonly id: string;
  readonly day: Day;
  readonly amount_minor: string;
  readonly reversal: boolean;
  readonly code: string;
  readonly payment_information_id: string | null;
  readonly transactions: readonly Parameters<typeof keptTransaction>[0][];
}

/** States one day of one account; a day without a line only when `empty` says so. The bytes are kept for good. */
export async function stateDay(
  client: PoolClient,
  what: {
    readonly account: BankAccount;
    readonly day: Day;
    readonly empty: boolean;
    readonly createdAt: Date;
  },
): Promise<void> {
  const { account, day } = what;
  const { rows } = await client.query<KeptEntry>(
    `select id, day, amount_minor, reversal, code, payment_information_id, transactions
     from bank_entry where iban = $1 and day = $2 order by id`,
    [account.iban, day],
  );
  if (rows.length === 0 && !what.empty) return;
  const opening = euro(account.stated_minor);
  const entries = rows.map(toEntry);
  const statement: BankStatement = {
    id: `${account.iban.slice(-10)}-${day}`,
    sequence: BigInt(account.last_sequence) + 1n,
    iban: account.iban,
    fromDay: day,
    toDay: day,
    createdAt: what.createdAt,
    opening,
    closing: entries.reduce((sum, { amount }) => sum.plus(amount), opening),
    entries,
  };
  await client.query(
    `insert into bank_statement (id, iban, sequence, day, opening_minor, closing_minor, xml)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      statement.id,
      statement.iban,
      statement.sequence?.toString(),
      day,
      opening.minor.toString(),
      statement.closing.minor.toString(),
      writeCamt053(statement),
    ],
  );
}

function toEntry(kept: KeptEntry, index: number): BankEntry {
  return {
    reference: String(index + 1),
    bankReference: bankReferenceOf(kept.id),
    amount: euro(kept.amount_minor),
    bookedOn: kept.day,
    valuedOn: kept.day,
    reversal: kept.reversal,
    code: kept.code,
    paymentInformationId: kept.payment_information_id,
    transactions: kept.transactions.map(keptTransaction),
  };
}

function euro(minor: string): Money {
  return Money.ofMinor(BigInt(minor), 'EUR');
}

export interface StatementSummary {
  readonly id: string;
  readonly iban: string;
  readonly sequence: string;
  readonly day: Day;
  readonly opening_minor: string;
  readonly closing_minor: string;
}

/** Of one account, or of all; oldest first. */
export async function listStatements(
  client: PoolClient,
  iban: string | undefined,
): Promise<readonly StatementSummary[]> {
  const { rows } = await client.query<StatementSummary>(
    `select id, iban, sequence::text as sequence, day, opening_minor::text as opening_minor,
       closing_minor::text as closing_minor
     from bank_statement where $1::text is null or iban = $1 order by iban, bank_statement.sequence`,
    [iban ?? null],
  );
  return rows;
}

/** The statement's bytes, the same each time. */
export async function readStatement(client: PoolClient, id: string): Promise<string | undefined> {
  const { rows } = await client.query<{ xml: string }>(
    'select xml from bank_statement where id = $1',
    [id],
  );
  return rows[0]?.xml;
}
