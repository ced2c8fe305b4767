import { createHash } from 'node:crypto';
import type { PoolClient } from 'pg';
import { Refusal } from '@stuiver/errors';
import { type PaymentOrder, readPain001 } from '@stuiver/iso20022';
import type { Day } from '../calendar.js';

export interface FileAnswer {
  readonly status: 'accepted' | 'refused';
  readonly msg_id: string | null;
  /** The file was here before, whole; nothing happens again. */
  readonly duplicate: boolean;
  readonly reason: string | null;
  readonly payments: number;
  readonly execution_day: Day | null;
}

/** Takes a payment file, whole or not at all. The same message id again is a repeat and does nothing. */
export async function takeFile(client: PoolClient, bytes: Uint8Array): Promise<FileAnswer> {
  const order = readOrder(bytes);
  if (typeof order === 'string') return refused(null, order);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const known = await knownFile(client, order.messageId);
  if (known !== undefined) return repeated(order, known, sha256);
  const { rowCount } = await client.query('select from bank_account where iban = $1', [
    order.debtor.iban,
  ]);
  if (rowCount === 0) {
    return refused(order.messageId, `AC01: no account ${order.debtor.iban} at this bank`);
  }
  if (!(await keepFile(client, order, sha256))) {
    const first = await knownFile(client, order.messageId);
    return repeated(order, first ?? { sha256 }, sha256);
  }
  await keepPayments(client, order);
  return accepted(order, false, null);
}

function readOrder(bytes: Uint8Array): PaymentOrder | string {
  try {
    return readPain001(bytes);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { field, rule } = error.facts;
    return `FF01: ${field ?? 'file'} ${rule ?? error.code}`;
  }
}

async function knownFile(
  client: PoolClient,
  messageId: string,
): Promise<{ readonly sha256: string } | undefined> {
  const { rows } = await client.query<{ sha256: string }>(
    'select sha256 from bank_file where msg_id = $1',
    [messageId],
  );
  return rows[0];
}

function repeated(
  order: PaymentOrder,
  known: { readonly sha256: string },
  sha256: string,
): FileAnswer {
  if (known.sha256 === sha256) return accepted(order, true, null);
  return { ...refused(order.messageId, 'DUPL: this MsgId was another file'), duplicate: true };
}

function accepted(order: PaymentOrder, duplicate: boolean, reason: string | null): FileAnswer {
  return {
    ...{ status: 'accepted', msg_id: order.messageId, duplicate, reason },
    payments: order.transfers.length,
    execution_day: order.executionDate,
  };
}

function refused(messageId: string | null, reason: string): FileAnswer {
  return {
    ...{ status: 'refused', msg_id: messageId, duplicate: false, reason },
    ...{ payments: 0, execution_day: null },
  };
}

/** @returns false when another call kept it in the meantime. */
async function keepFile(client: PoolClient, order: PaymentOrder, sha256: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `insert into bank_file
       (msg_id, sha256, iban, payment_information_id, batch_booking, execution_day)
     values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
    [
      order.messageId,
      sha256,
      order.debtor.iban,
      order.paymentInformationId,
      order.batchBooking,
      order.executionDate,
    ],
  );
  return rowCount === 1;
}

async function keepPayments(client: PoolClient, order: PaymentOrder): Promise<void> {
  const rows = order.transfers.map((transfer, index) => ({
    no: index + 1,
    end_to_end_id: transfer.endToEndId,
    amount_minor: transfer.amount.minor.toString(),
    creditor_name: transfer.creditor.name,
    creditor_iban: transfer.creditor.iban,
    remittance: transfer.remittance,
  }));
  await client.query(
    `insert into bank_payment
       (msg_id, no, end_to_end_id, amount_minor, creditor_name, creditor_iban, remittance)
     select $1, no, end_to_end_id, amount_minor, creditor_name, creditor_iban, remittance
     from jsonb_to_recordset($2::jsonb) as payment
       (no integer, end_to_end_id text, amount_minor bigint, creditor_name text,
        creditor_iban text, remittance text)`,
    [order.messageId, JSON.stringify(rows)],
  );
}

export interface PaymentState {
  readonly end_to_end_id: string;
  readonly amount_minor: string;
  readonly state: 'waiting' | 'paid' | 'rejected' | 'returned';
  readonly reason: string | null;
  readonly executed_on: Day | null;
}

/** What became of each payment of a file; undefined when the bank never took it. */
export async function fileState(
  client: PoolClient,
  messageId: string,
): Promise<readonly PaymentState[] | undefined> {
  if ((await knownFile(client, messageId)) === undefined) return undefined;
  const { rows } = await client.query<PaymentState>(
    `select end_to_end_id, amount_minor::text as amount_minor, state, reason, executed_on
     from bank_payment where msg_id = $1 order by no`,
    [messageId],
  );
  return rows;
}
