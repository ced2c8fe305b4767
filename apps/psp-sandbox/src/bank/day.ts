import type { PoolClient } from 'pg';
import { businessDaysAfter, type Day, endOf, isBusinessDay } from '../calendar.js';
import { bookCredit, bookEntry, CODES, type NewTransaction } from './entries.js';
import { type BankAccount, stateDay } from './statements.js';

interface File {
  readonly msg_id: string;
  readonly iban: string;
  readonly payment_information_id: string;
  readonly batch_booking: boolean;
}

interface Payment {
  readonly msg_id: string;
  readonly no: number;
  readonly end_to_end_id: string;
  readonly amount_minor: string;
  readonly creditor_name: string;
  readonly creditor_iban: string;
  readonly remittance: string;
  readonly outcome: 'pay' | 'reject' | 'return' | null;
  readonly code: string | null;
}

/** When the bank says no and nobody planned why. */
const NO_REASON_GIVEN = 'MS03';
const NOT_ENOUGH_MONEY = 'AM04';

/** Ends the bank's day: what is due is executed, what comes back comes back, and every account gets its statement. */
export async function endBankDay(
  client: PoolClient,
  day: Day,
  terms: { readonly empty_statements: boolean },
): Promise<void> {
  const business = isBusinessDay(day);
  if (business) {
    await returnPayments(client, day);
    await executeFiles(client, day);
  }
  const { rows } = await client.query<BankAccount>(
    `select iban, name, stated_minor, last_sequence from bank_account order by iban for update`,
  );
  for (const account of rows) {
    const empty = business && terms.empty_statements;
    await stateDay(client, { account, day, empty, createdAt: endOf(day) });
  }
}

async function executeFiles(client: PoolClient, day: Day): Promise<void> {
  const { rows: files } = await client.query<File>(
    `select msg_id, iban, payment_information_id, batch_booking from bank_file
     where executed_on is null and execution_day <= $1 order by received_at, msg_id for update`,
    [day],
  );
  for (const file of files) {
    await executeFile(client, file, day);
    await client.query('update bank_file set executed_on = $2 where msg_id = $1', [
      file.msg_id,
      day,
    ]);
  }
}

async function executeFile(client: PoolClient, file: File, day: Day): Promise<void> {
  const { rows: payments } = await client.query<Payment>(
    `${PAYMENT} where payment.msg_id = $1 order by no`,
    [file.msg_id],
  );
  let left = await spendable(client, file.iban);
  const paid: Payment[] = [];
  const outcomes: Outcome[] = [];
  for (const payment of payments) {
    const refusal = refusalOf(payment, left);
    if (refusal !== undefined) {
      outcomes.push({ no: payment.no, state: 'rejected', reason: refusal, executed_on: null });
      continue;
    }
    if (left !== undefined) left -= BigInt(payment.amount_minor);
    paid.push(payment);
    outcomes.push({ no: payment.no, state: 'paid', reason: null, executed_on: day });
  }
  await saveOutcomes(client, file.msg_id, outcomes);
  await bookPaid(client, { file, paid, day });
}

function refusalOf(payment: Payment, left: bigint | undefined): string | undefined {
  if (payment.outcome === 'reject') return payment.code ?? NO_REASON_GIVEN;
  return left !== undefined && left < BigInt(payment.amount_minor) ? NOT_ENOUGH_MONEY : undefined;
}

/** What may leave the account; undefined when it may be overdrawn. */
async function spendable(client: PoolClient, iban: string): Promise<bigint | undefined> {
  const { rows } = await client.query<{ balance_minor: string; overdraft: boolean }>(
    'select balance_minor, overdraft from bank_account where iban = $1 for update',
    [iban],
  );
  const [account] = rows;
  return account === undefined || account.overdraft ? undefined : BigInt(account.balance_minor);
}

/** One line for the whole file, or one for each payment, as the file asks. */
async function bookPaid(
  client: PoolClient,
  what: { readonly file: File; readonly paid: readonly Payment[]; readonly day: Day },
): Promise<void> {
  const { file, paid, day } = what;
  const lines = file.batch_booking ? [paid] : paid.map((payment) => [payment]);
  for (const line of lines.filter((payments) => payments.length > 0)) {
    await bookEntry(client, {
      ...{ iban: file.iban, day, reversal: false, code: CODES.sent },
      paymentInformationId: file.payment_information_id,
      transactions: line.map((payment) => transactionOf(payment, null)),
    });
  }
  const { rows: own } = await client.query<{ iban: string }>('select iban from bank_account');
  const here = new Set(own.map(({ iban }) => iban));
  for (const payment of paid.filter(({ creditor_iban: iban }) => here.has(iban))) {
    await bookCredit(client, {
      iban: payment.creditor_iban,
      day,
      amountMinor: BigInt(payment.amount_minor),
      from: file.iban,
      endToEndId: payment.end_to_end_id,
      remittance: payment.remittance,
    });
  }
}

/** What was paid and is planned to come back, as many business days later as planned. */
async function returnPayments(client: PoolClient, day: Day): Promise<void> {
  const { rows } = await client.query<
    Payment & { iban: string; executed_on: Day; after_days: number }
  >(
    `${PAYMENT}
     where payment.state = 'paid' and plan.outcome = 'return' order by payment.msg_id, no
     for update of payment`,
  );
  for (const payment of rows) {
    if (businessDaysAfter(payment.executed_on, payment.after_days) > day) continue;
    const reason = payment.code ?? NO_REASON_GIVEN;
    const { no, msg_id: file, executed_on: executedOn } = payment;
    await saveOutcomes(client, file, [{ no, state: 'returned', reason, executed_on: executedOn }]);
    await bookEntry(client, {
      ...{ iban: payment.iban, day, reversal: true, code: CODES.sentCameBack },
      paymentInformationId: null,
      transactions: [transactionOf(payment, reason)],
    });
  }
}

const PAYMENT = `
  select payment.*, plan.outcome, plan.code, plan.after_days, file_of.iban
  from bank_payment payment
  join bank_file file_of on file_of.msg_id = payment.msg_id
  left join bank_plan plan on plan.end_to_end_id = payment.end_to_end_id`;

function transactionOf(payment: Payment, returnReason: string | null): NewTransaction {
  const amount = BigInt(payment.amount_minor);
  return {
    amountMinor: returnReason === null ? -amount : amount,
    endToEndId: payment.end_to_end_id,
    instructionId: payment.end_to_end_id,
    transactionId: null,
    remittance: payment.remittance,
    counterpartyName: payment.creditor_name,
    counterpartyIban: payment.creditor_iban,
    returnReason,
  };
}

interface Outcome {
  readonly no: number;
  readonly state: 'paid' | 'rejected' | 'returned';
  readonly reason: string | null;
  readonly executed_on: Day | null;
}

/** One statement for a whole file: it may hold a hundred thousand. */
async function saveOutcomes(
  client: PoolClient,
  messageId: string,
  outcomes: readonly Outcome[],
): Promise<void> {
  await client.query(
    `update bank_payment payment
     set state = outcome.state, reason = outcome.reason, executed_on = outcome.executed_on
     from jsonb_to_recordset($2::jsonb) as outcome
       (no integer, state text, reason text, executed_on text)
     where payment.msg_id = $1 and payment.no = outcome.no`,
    [messageId, JSON.stringify(outcomes)],
  );
}
