import type { MoneySaid, MoneySaidReads } from '@stuiver/agreement';
import type { Database } from '@stuiver/postgres';

/** The kinds that Order gives, each about one attempt, refund, top-up or dispute. */
export const MONEY_KINDS = [
  'payment',
  'late-payment',
  'refund-request',
  'refund-success',
  'top-up',
  'dispute-withdrawal',
  'dispute-return',
] as const;
type MoneyKind = (typeof MONEY_KINDS)[number];

interface Source {
  readonly kind: MoneyKind;
  readonly id: string;
  readonly amount: string;
  readonly at: string;
  readonly from: string;
  readonly where: string;
}

/** What moves money, and when it is so. */
// prettier-ignore
const SOURCES: readonly Source[] = [
  { kind: 'payment',        id: 'a.id', amount: 'o.amount_minor', at: 'a.ended_at',
    from: 'orders.attempt a join orders.payment_order o on o.id = a.order_id', where: `a.state = 'succeeded'` },
  { kind: 'late-payment',   id: 'a.id', amount: 'r.amount_minor', at: 'a.ended_at',
    from: `orders.attempt a join orders.refund r on r.attempt_id = a.id and r.source = 'late-payment'`, where: `a.state = 'refundDue'` },
  { kind: 'refund-request', id: 'r.id', amount: 'r.amount_minor', at: 'r.created_at',
    from: 'orders.refund r', where: `r.state in ('processing', 'success', 'abnormal', 'closed')` },
  { kind: 'refund-success', id: 'r.id', amount: 'r.amount_minor', at: 'r.succeeded_at',
    from: 'orders.refund r', where: `r.state in ('success', 'abnormal')` },
  { kind: 'top-up',         id: 't.id', amount: 't.amount_minor', at: 't.ended_at',
    from: 'orders.top_up t', where: `t.state = 'succeeded'` },
  { kind: 'dispute-withdrawal', id: 'd.id', amount: 'd.withdrawn_minor', at: 'd.withdrawn_at',
    from: 'orders.dispute d', where: 'd.withdrawn_at is not null' },
  { kind: 'dispute-return', id: 'd.id', amount: 'd.returned_minor', at: 'd.returned_at',
    from: 'orders.dispute d', where: 'd.returned_at is not null' },
];

const each = (sql: (source: Source) => string): string => SOURCES.map(sql).join(' union all ');
const columns = ({ kind, id, amount, at }: Source): string =>
  `'${kind}' as kind, ${id} as id, ${amount}::text as "amountMinor", ${at} as at`;

const SINCE_SQL = each(
  (source) => `
  (select ${columns(source)} from ${source.from}
    where ${source.where} and ${source.at} >= $1 and ${source.at} <= $2 order by ${source.at} limit $3)`,
);

const FIND_SQL = each(
  (source) => `
  (select ${columns(source)} from ${source.from}
    where ${source.where}
      and ${source.id} = any (array(select u.id from unnest($1::text[], $2::text[]) as u (kind, id) where u.kind = '${source.kind}')))`,
);

/** What Order's own tables say moved money. */
export class MoneySaidRows implements MoneySaidReads {
  constructor(private readonly database: Database) {}

  since(from: Date, to: Date, limitOfEach: number): Promise<readonly MoneySaid[]> {
    return this.database.query<MoneySaid>(SINCE_SQL, [from, to, limitOfEach]);
  }

  find(things: readonly Pick<MoneySaid, 'kind' | 'id'>[]): Promise<readonly MoneySaid[]> {
    const kinds = things.map(({ kind }) => kind);
    return this.database.query<MoneySaid>(FIND_SQL, [kinds, things.map(({ id }) => id)]);
  }
}
