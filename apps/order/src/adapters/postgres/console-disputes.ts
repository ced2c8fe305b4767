import type { OrderDispute } from '@stuiver/console-api';
import type { Database } from '@stuiver/postgres';

interface Row {
  readonly id: string;
  readonly state: OrderDispute['state'];
  readonly reason: string;
  readonly amount_minor: string;
  readonly opened_at: Date;
  readonly evidence_due_at: Date | null;
  readonly withdrawn_at: Date | null;
  readonly returned_at: Date | null;
  readonly ended_at: Date | null;
}

/** What payers' banks take back of an order, as the consoles show it; oldest first. */
export async function consoleDisputes(
  database: Database,
  orderId: string,
): Promise<readonly OrderDispute[]> {
  const rows = await database.query<Row>(
    `select id, state, reason, amount_minor, opened_at, evidence_due_at, withdrawn_at, returned_at, ended_at
     from orders.dispute where order_id = $1 order by opened_at, id`,
    [orderId],
  );
  return rows.map((row) => ({
    ...{ disputeId: row.id, state: row.state, reason: row.reason, amountMinor: row.amount_minor },
    openedAt: row.opened_at.toISOString(),
    evidenceDueAt: row.evidence_due_at?.toISOString() ?? null,
    withdrawnAt: row.withdrawn_at?.toISOString() ?? null,
    returnedAt: row.returned_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
  }));
}
