import type { NotificationState, NotificationView as View } from '@stuiver/console-api';
import type { Database } from '@stuiver/postgres';

interface Row {
  readonly id: string;
  readonly event_type: string;
  readonly state: NotificationState;
  readonly url: string;
  readonly order_id: string | null;
  readonly out_trade_no: string | null;
  readonly out_refund_no: string | null;
  readonly created_at: Date;
  readonly next_try_at: Date | null;
  readonly tries: View['tries'];
}

const STATE = `case when n.delivered_at is not null then 'delivered' when n.exhausted_at is not null then 'exhausted'
  else 'waiting' end`;
const INSTANT = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;
const SHOWN = `select n.id, n.event_type, ${STATE} as state, n.url, o.id as order_id, o.out_trade_no, r.out_refund_no,
    n.created_at, n.next_try_at,
    (select coalesce(json_agg(json_build_object('at', to_char(t.at at time zone 'UTC', ${INSTANT}),
       'durationMs', t.duration_ms, 'status', t.status, 'problem', t.problem) order by t.try_no desc), '[]')
     from orders.notification_try t where t.notification_id = n.id) as tries
  from orders.notification n
  left join orders.refund r on r.id = n.about
  left join orders.payment_order o on o.id = coalesce(r.order_id, n.about)
  where n.mchid = $1`;

export interface NotificationsPage {
  readonly mchid: string;
  /** Only what is older than this notification. */
  readonly before: string | null;
  readonly state: NotificationState | null;
  /** The beginning of an order's or refund's number. */
  readonly text: string | null;
  readonly limit: number;
}

/** What a merchant's server was told and is to be told, and how that went; never the content. */
export class NotificationLogView {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  async page({ mchid, before, state, text, limit }: NotificationsPage): Promise<readonly View[]> {
    const rows = await this.database.query<Row>(
      `${SHOWN}
         and ($2::uuid is null or (n.created_at, n.id) <
           (select b.created_at, b.id from orders.notification b where b.id = $2 and b.mchid = $1))
         and ($3::text is null or ${STATE} = $3)
         and ($4::text is null or starts_with(o.out_trade_no, $4) or starts_with(r.out_refund_no, $4))
       order by n.created_at desc, n.id desc limit $5`,
      [mchid, before, state, text, limit],
    );
    return rows.map(toView);
  }

  /** Another merchant's is not there. */
  async find(mchid: string, id: string): Promise<View | undefined> {
    const [row] = await this.database.query<Row>(`${SHOWN} and n.id = $2`, [mchid, id]);
    return row === undefined ? undefined : toView(row);
  }
}

function toView(row: Row): View {
  return {
    notificationId: row.id,
    event: row.event_type,
    state: row.state,
    url: row.url,
    orderId: row.order_id,
    outTradeNo: row.out_trade_no,
    outRefundNo: row.out_refund_no,
    createdAt: row.created_at.toISOString(),
    nextTryAt: row.next_try_at?.toISOString() ?? null,
    tries: row.tries,
  };
}
