import type { MoneySaid, MoneySaidReads } from '@stuiver/agreement';
import type { Database } from '@stuiver/postgres';

/** The kinds that are about one payout. */
export const PAYOUT_KINDS = ['payout-approve', 'payout-settle', 'payout-return'] as const;

/**
 * A payout is approved with its batch. If the ledger refuses one of a batch, those that it took are given back: then
 * both bookings are right, and nobody waits for them. What the bank did is written down before it is booked.
 */
const SAID = `
  select 'payout-approve' as kind, p.id, p.amount_minor::text as "amountMinor",
         case when p.state <> 'refused' then b.approved_at end as at
    from payout.payout p join payout.batch b on b.id = p.batch_id
   where p.state <> 'prepared'
  union all
  select c.content->>'kind', c.payout_id, c.content->>'amountMinor', c.booked_at
    from payout.recorded_command c
   where c.payout_id is not null and c.booked_at is not null
  union all
  select 'payout-return', p.id, p.amount_minor::text, null from payout.payout p where p.state = 'refused'`;

const SINCE_SQL = `
  select kind, id, "amountMinor", at
    from (select said.*, row_number() over (partition by kind order by at) as place from (${SAID}) as said
           where at >= $1 and at <= $2) as placed
   where place <= $3 order by at`;

const FIND_SQL = `
  select said.* from (${SAID}) as said
    join unnest($1::text[], $2::text[]) as wanted (kind, id) on wanted.kind = said.kind and wanted.id = said.id`;

/** What Payout's own tables say moved money. */
export class PayoutsSaid implements MoneySaidReads {
  constructor(private readonly database: Database) {}

  since(from: Date, to: Date, limitOfEach: number): Promise<readonly MoneySaid[]> {
    return this.database.query<MoneySaid>(SINCE_SQL, [from, to, limitOfEach]);
  }

  find(things: readonly Pick<MoneySaid, 'kind' | 'id'>[]): Promise<readonly MoneySaid[]> {
    const kinds = things.map(({ kind }) => kind);
    return this.database.query<MoneySaid>(FIND_SQL, [kinds, things.map(({ id }) => id)]);
  }
}
