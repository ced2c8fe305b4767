import type { EntityManager } from 'typeorm';
import type { Dispute, DisputeState } from '../../domain/dispute.js';
import { moneyOf } from './order-rows.js';

interface DisputeRow {
  readonly id: string;
  readonly attempt_id: string | null;
  readonly top_up_id: string | null;
  readonly order_id: string | null;
  readonly mchid: string | null;
  readonly state: DisputeState;
  readonly reason: string;
  readonly amount_minor: string;
  readonly currency: string;
  readonly opened_at: Date;
  readonly evidence_due_at: Date | null;
  readonly withdrawn_minor: string | null;
  readonly withdrawn_at: Date | null;
  readonly returned_minor: string | null;
  readonly returned_at: Date | null;
  readonly ended_at: Date | null;
  readonly ask_at: Date | null;
}

/** In the transaction of whoever holds its payment. */
export async function disputeOf(tx: EntityManager, id: string): Promise<Dispute | undefined> {
  const sql = 'select * from orders.dispute where id = $1';
  const [row] = await tx.query<DisputeRow[]>(sql, [id]);
  return row && toDispute(row);
}

function toDispute(row: DisputeRow): Dispute {
  const moved = (minor: string | null, at: Date | null): Dispute['withdrawn'] =>
    minor === null || at === null ? null : { amount: moneyOf(minor, row.currency), at };
  return {
    ...{ id: row.id, attemptId: row.attempt_id, topUpId: row.top_up_id, orderId: row.order_id },
    ...{ mchid: row.mchid, state: row.state, reason: row.reason },
    ...{ amount: moneyOf(row.amount_minor, row.currency), openedAt: row.opened_at },
    ...{ evidenceDueAt: row.evidence_due_at, endedAt: row.ended_at, askAt: row.ask_at },
    withdrawn: moved(row.withdrawn_minor, row.withdrawn_at),
    returned: moved(row.returned_minor, row.returned_at),
  };
}

/** What it is over, and when it was opened, stays as it was first said. */
export async function saveDispute(tx: EntityManager, dispute: Dispute): Promise<void> {
  const { withdrawn, returned, amount } = dispute;
  await tx.query(
    `insert into orders.dispute (id, attempt_id, top_up_id, order_id, mchid, currency, opened_at, state, reason,
       amount_minor, evidence_due_at, withdrawn_minor, withdrawn_at, returned_minor, returned_at, ended_at, ask_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
     on conflict (id) do update set state = excluded.state, reason = excluded.reason,
       amount_minor = excluded.amount_minor, evidence_due_at = excluded.evidence_due_at,
       withdrawn_minor = excluded.withdrawn_minor, withdrawn_at = excluded.withdrawn_at,
       returned_minor = excluded.returned_minor, returned_at = excluded.returned_at,
       ended_at = excluded.ended_at, ask_at = excluded.ask_at`,
    [
      ...[dispute.id, dispute.attemptId, dispute.topUpId, dispute.orderId, dispute.mchid],
      ...[amount.currency, dispute.openedAt, dispute.state, dispute.reason],
      ...[amount.minor.toString(), dispute.evidenceDueAt],
      ...[withdrawn?.amount.minor.toString() ?? null, withdrawn?.at ?? null],
      ...[returned?.amount.minor.toString() ?? null, returned?.at ?? null],
      ...[dispute.endedAt, dispute.askAt],
    ],
  );
}

export async function isChargedBack(tx: EntityManager, orderId: string): Promise<boolean> {
  const [row] = await tx.query<{ found: boolean }[]>(
    `select exists (select 1 from orders.dispute where order_id = $1 and state in ('open', 'lost')) as found`,
    [orderId],
  );
  return row?.found === true;
}
