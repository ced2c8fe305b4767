import type { EntityManager } from 'typeorm';

/** True the first time, false ever after. Must run in the transaction that does the work. */
export async function isFirstTime(
  tx: EntityManager,
  message: {
    readonly schema: 'orders' | 'ledger' | 'payout';
    readonly consumer: string;
    readonly eventId: string;
  },
): Promise<boolean> {
  const rows = await tx.query<unknown[]>(
    `insert into ${message.schema}.inbox (consumer, event_id) values ($1, $2) on conflict do nothing returning event_id`,
    [message.consumer, message.eventId],
  );
  return rows.length === 1;
}
