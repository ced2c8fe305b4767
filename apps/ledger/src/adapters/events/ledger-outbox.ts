import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import type { OutboxSource, RelayLag } from '@stuiver/bus';
import { parseEvent, type StuiverEvent } from '@stuiver/contracts';
import { eventIdOf } from '@stuiver/ids';
import { onConnection } from '@stuiver/postgres';

/** Held on a session while its relay tells: another process's relay finds it taken and tells nothing. */
const LOCK_NAME = 'ledger.told';
/** A transfer between two customers is told to both. */
const EVENTS_PER_TRANSFER_MAX = 2;

const UNTOLD_SQL = `
  select t.seq, t.purpose, t.amount_minor, t.currency, t.effective_at, b.at as booked_at,
         t.command_id, c.kind as command_kind, c.content::text as content,
         debit.code as debit, debit.owner as debit_owner, t.debit_version, t.debit_after,
         credit.code as credit, credit.owner as credit_owner, t.credit_version, t.credit_after
    from ledger.transfer t
    join ledger.batch b on b.no = t.batch
    join ledger.command c on c.id = t.command_id
    join ledger.account debit on debit.id = t.debit
    join ledger.account credit on credit.id = t.credit
   where t.seq > (select last_seq from ledger.told where shard = 1)
   order by t.seq limit $1`;

interface TransferRow {
  readonly seq: string;
  readonly purpose: string;
  readonly amount_minor: string;
  readonly currency: string;
  readonly effective_at: Date;
  readonly booked_at: Date;
  readonly command_id: string;
  readonly command_kind: string;
  readonly content: string;
  readonly debit: string;
  readonly debit_owner: string;
  readonly debit_version: string;
  readonly debit_after: string;
  readonly credit: string;
  readonly credit_owner: string;
  readonly credit_version: string;
  readonly credit_after: string;
}

/** The business ids that a command's stored content names; its other fields are not for the event. */
const References = z.object({
  orderId: z.string().nullable().default(null),
  attemptId: z.string().nullable().default(null),
  refundId: z.string().nullable().default(null),
  settlementId: z.string().nullable().default(null),
  payoutId: z.string().nullable().default(null),
});

/**
 * The transfer table as its own outbox. Sequence numbers are given under the chain head, so they become visible in
 * order and without a gap: here, unlike with an ordinary sequence, "greater than the last one told" misses nothing.
 */
export class LedgerOutbox implements OutboxSource {
  constructor(private readonly pool: Pool) {}

  async relay(
    limit: number,
    send: (events: readonly StuiverEvent[]) => Promise<void>,
  ): Promise<number> {
    return onConnection(this.pool, async (client) => {
      const lock = await client.query<{ mine: boolean }>(
        'select pg_try_advisory_lock(hashtext($1)) as mine',
        [LOCK_NAME],
      );
      if (lock.rows[0]?.mine !== true) return 0;
      const told = await tell(client, limit, send);
      // After a failure the connection is closed, and the lock with it.
      await client.query('select pg_advisory_unlock(hashtext($1))', [LOCK_NAME]);
      return told;
    });
  }

  /** In transfers: each is told to its customers, of whom there may be none. */
  async lag(): Promise<RelayLag> {
    const { rows } = await this.pool.query<RelayLag>(
      `select count(*)::int as messages,
              coalesce(greatest(0, extract(epoch from now() - min(b.at)) * 1000), 0)::float8 as "oldestAgeMs"
         from ledger.transfer t join ledger.batch b on b.no = t.batch
        where t.seq > (select last_seq from ledger.told where shard = 1)`,
    );
    return rows[0] ?? { messages: 0, oldestAgeMs: 0 };
  }

  /** Transfers are kept for ever: there is nothing to tidy. */
  tidy(): Promise<void> {
    return Promise.resolve();
  }
}

async function tell(
  client: PoolClient,
  limit: number,
  send: (events: readonly StuiverEvent[]) => Promise<void>,
): Promise<number> {
  const transfers = Math.max(1, Math.floor(limit / EVENTS_PER_TRANSFER_MAX));
  const { rows } = await client.query<TransferRow>(UNTOLD_SQL, [transfers]);
  const last = rows.at(-1);
  if (last === undefined) return 0;
  const events = rows.flatMap(eventsOf);
  if (events.length > 0) await send(events);
  await client.query('update ledger.told set last_seq = $1 where shard = 1 and last_seq < $1', [
    last.seq,
  ]);
  // A full page means there may be more, however few of its sides were a customer's.
  return rows.length === transfers ? limit : events.length;
}

function eventsOf(row: TransferRow): StuiverEvent[] {
  const sides = [
    { side: 'debit', owner: row.debit_owner },
    { side: 'credit', owner: row.credit_owner },
  ] as const;
  return sides.filter(({ owner }) => owner !== 'operator').map(({ side }) => eventOf(row, side));
}

function eventOf(row: TransferRow, side: 'debit' | 'credit'): StuiverEvent {
  const bookedAt = row.booked_at.toISOString();
  const type = 'ledger.transfer-posted.v1';
  return parseEvent({
    specversion: '1.0',
    id: eventIdOf(type, `${row.seq}:${side}`),
    source: '/stuiver/ledger',
    type,
    subject: side === 'debit' ? row.debit_owner : row.credit_owner,
    time: bookedAt,
    datacontenttype: 'application/json',
    data: {
      seq: row.seq,
      ...sideOf(row, side),
      amountMinor: row.amount_minor,
      currency: row.currency,
      commandId: row.command_id,
      commandKind: row.command_kind,
      purpose: row.purpose,
      ...References.parse(JSON.parse(row.content)),
      effectiveAt: row.effective_at.toISOString(),
      bookedAt,
    },
  });
}

function sideOf(row: TransferRow, side: 'debit' | 'credit'): Record<string, string> {
  return side === 'debit'
    ? {
        owner: row.debit_owner,
        account: row.debit,
        side,
        version: row.debit_version,
        balanceAfterMinor: row.debit_after,
        counterAccount: row.credit,
      }
    : {
        owner: row.credit_owner,
        account: row.credit,
        side,
        version: row.credit_version,
        balanceAfterMinor: row.credit_after,
        counterAccount: row.debit,
      };
}
