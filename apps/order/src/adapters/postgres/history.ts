import type { Database } from '@stuiver/postgres';
import type { PayMethod } from '../../domain/order.js';
import type { History, HistoryCursor, HistoryItem } from '../../use-cases/find-wallet.js';

interface HistoryRow {
  readonly id: string;
  readonly kind: HistoryItem['kind'];
  readonly amount_minor: string;
  readonly currency: string;
  readonly at: Date;
  readonly title: string;
  readonly method: PayMethod;
  readonly state: string;
}

/** What a payer paid, got back and put in, whichever way the money went. */
const HISTORY = `
  select o.id, 'payment' as kind, -o.amount_minor as amount_minor, o.currency, o.paid_at as at,
    m.name as title, o.method, o.state
  from orders.payment_order o join orders.merchant m on m.mchid = o.mchid
  where o.paid_by_user_id = $1 and o.paid_at is not null
  union all
  select r.id, 'refund', r.amount_minor, r.currency, r.created_at, m.name, a.method, r.state
  from orders.refund r join orders.attempt a on a.id = r.attempt_id
    join orders.merchant m on m.mchid = r.mchid
  where a.user_id = $1 and r.state not in ('requested', 'refused')
  union all
  select t.id, 'top_up', t.amount_minor, t.currency, t.created_at, '', t.method, t.state
  from orders.top_up t where t.user_id = $1`;

export class PostgresHistory implements History {
  constructor(private readonly database: Database) {}

  async page(
    userId: string,
    page: { before: HistoryCursor | null; limit: number },
  ): Promise<readonly HistoryItem[]> {
    const { before, limit } = page;
    const rows = await this.database.query<HistoryRow>(
      `select * from (${HISTORY}) h
       where $2::timestamptz is null or (h.at, h.id) < ($2::timestamptz, $3::text)
       order by h.at desc, h.id desc limit $4`,
      [userId, before?.at ?? null, before?.id ?? null, limit],
    );
    return rows.map(toItem);
  }
}

function toItem(row: HistoryRow): HistoryItem {
  const { id, kind, currency, at, title, method, state } = row;
  return { id, kind, amountMinor: BigInt(row.amount_minor), currency, at, title, method, state };
}
