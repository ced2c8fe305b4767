import {
  type Booking,
  BOOKINGS_MAX,
  type BookingsPage,
  type LedgerBookings,
  type LedgerCommandKind,
} from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';
import type { Database } from '@stuiver/postgres';

/** A page looks at so many transfers, whether they fit or not. */
const WINDOW = 20_000n;

const COLUMNS = `
  c.id as "commandId", c.kind, case when c.refusal is null then 'posted' else 'refused' end as outcome,
  (select sum(t.amount_minor)::text from ledger.transfer t
    where t.seq >= c.first_seq and t.seq < c.first_seq + c.transfer_count
      and t.purpose = (select f.purpose from ledger.transfer f where f.seq = c.first_seq and c.transfer_count > 0))
    as "amountMinor",
  coalesce(case when c.kind like 'refund-%' then c.content->>'refundId' end, c.content->>'disputeId', c.content->>'attemptId',
           c.content->>'topUpId', c.content->>'payoutId') as subject,
  c.transfer_count > 0 and not exists (
    select from ledger.transfer t
     where t.seq >= c.first_seq and t.seq < c.first_seq + c.transfer_count
       and not exists (select from ledger.reversal r where r.reverses = t.seq and r.after_minor = r.original_minor))
    as "isReversed",
  b.at as "bookedAt"`;

const BY_ID_SQL = `
  select ${COLUMNS} from ledger.command c join ledger.batch b on b.no = c.batch where c.id = any ($1::uuid[])`;

/** Each posted command by its first transfer. */
const BY_KIND_SQL = `
  select t.seq::text as seq, ${COLUMNS}
    from ledger.transfer t
    join ledger.command c on c.id = t.command_id and c.first_seq = t.seq
    join ledger.batch b on b.no = c.batch
   where t.seq > $1 and t.seq <= $2 and c.kind = any ($3::text[])
   order by t.seq limit $4`;

type Row = Omit<Booking, 'bookedAt'> & { readonly bookedAt: Date };

/** What commands led to, over any pool that may read schema `ledger`. */
export class PostgresBookings implements LedgerBookings {
  constructor(private readonly database: Database) {}

  async bookings(commandIds: readonly string[]): Promise<readonly Booking[]> {
    if (commandIds.length > BOOKINGS_MAX) {
      const rule = `must have at most ${String(BOOKINGS_MAX)} entries`;
      throw new Refusal('PARAM_ERROR', { field: 'ids', rule, value: String(commandIds.length) });
    }
    return (await this.database.query<Row>(BY_ID_SQL, [commandIds])).map(toBooking);
  }

  async bookingsOf(kinds: readonly LedgerCommandKind[], after: string): Promise<BookingsPage> {
    const [head] = await this.database.query<{ last: string }>(
      'select last_seq::text as last from ledger.head where shard = 1',
    );
    const seen = BigInt(after) + WINDOW;
    const rows = await this.database.query<Row & { readonly seq: string }>(BY_KIND_SQL, [
      ...[after, seen.toString(), kinds, BOOKINGS_MAX],
    ]);
    const end = rows.length === BOOKINGS_MAX ? BigInt(rows.at(-1)?.seq ?? '0') : seen;
    const isLast = end >= BigInt(head?.last ?? '0');
    return { bookings: rows.map(toBooking), next: isLast ? null : end.toString() };
  }
}

function toBooking({
  commandId,
  kind,
  outcome,
  amountMinor,
  subject,
  isReversed,
  bookedAt,
}: Row): Booking {
  const at = bookedAt.toISOString();
  return { commandId, kind, outcome, amountMinor, subject, isReversed, bookedAt: at };
}
