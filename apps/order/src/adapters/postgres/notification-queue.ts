import type { EntityManager } from 'typeorm';
import type { PostgresAuditTrail } from '@stuiver/audit';
import type { Database } from '@stuiver/postgres';
import type {
  DeliveryTry,
  NotificationLog,
  OwedNotification,
} from '../../use-cases/send-notification.js';
import type { ReplayBook } from '../../use-cases/replay-notification.js';

interface Row {
  readonly id: string;
  readonly mchid: string;
  readonly event_type: string;
  readonly about: string;
  readonly url: string;
  readonly summary: string;
  readonly original_type: string;
  readonly content_sealed: Buffer;
  readonly created_at: Date;
  readonly tries: number;
}

/** What a merchant or operator sees of a notification: never its content. */
export interface NotificationSummary {
  readonly id: string;
  readonly event_type: string;
  readonly about: string;
  readonly url: string;
  readonly created_at: Date;
  readonly next_try_at: Date | null;
  readonly delivered_at: Date | null;
  readonly exhausted_at: Date | null;
  readonly tries: readonly {
    readonly try_no: number;
    readonly at: string;
    readonly duration_ms: number;
    readonly status: number | null;
    readonly problem: string | null;
  }[];
}

/** A claimed row is due again after this, should the process that claimed it die. Longer than any try takes. */
const LEASE_MS = 20_000;
/** Rows looked at for one claim. */
const LOOK_ROWS_MAX = 1_000;

export interface Claim {
  readonly now: Date;
  readonly limit: number;
  readonly perMerchantMax: number;
  /** Places already taken, by merchant. */
  readonly busy: ReadonlyMap<string, number>;
}

/** Due notifications, taken one lease at a time, and the log of how they went. */
export class NotificationQueue implements NotificationLog, ReplayBook {
  constructor(
    private readonly database: Database,
    private readonly trail: PostgresAuditTrail,
  ) {}

  /** Takes due rows, oldest first, no more of one merchant than there are places. Two claimers never get the same row. */
  async claim(claim: Claim): Promise<readonly OwedNotification[]> {
    const { now, limit, perMerchantMax, busy } = claim;
    const rows = await this.database.query<Row>(
      `with taken as (select * from unnest($3::text[], $4::int[]) as t (mchid, places)),
       due as (
         select n.id, n.mchid, n.next_try_at, coalesce(taken.places, 0) as places
         from orders.notification n left join taken using (mchid)
         where n.next_try_at <= $1 and coalesce(taken.places, 0) < $5
         order by n.next_try_at, n.id limit $6),
       ranked as (
         select id, next_try_at, places + row_number() over (partition by mchid order by next_try_at, id) as place
         from due)
       update orders.notification n set next_try_at = $2
       where n.id = any (array(select id from ranked where place <= $5 order by next_try_at, id limit $7))
         and n.next_try_at <= $1
       returning n.*`,
      [
        ...[now, new Date(now.getTime() + LEASE_MS), [...busy.keys()], [...busy.values()]],
        ...[perMerchantMax, LOOK_ROWS_MAX, limit],
      ],
    );
    return rows.map(toOwed);
  }

  async record(outcome: {
    readonly notification: OwedNotification;
    readonly delivery: DeliveryTry;
    readonly isDelivered: boolean;
    readonly nextTryAt: Date | null;
  }): Promise<void> {
    const { notification, delivery, isDelivered, nextTryAt } = outcome;
    const isGivenUp = !isDelivered && nextTryAt === null;
    await this.database.run(async (tx) => {
      const tryNo = await this.settle(tx, notification, {
        nextTryAt,
        deliveredAt: isDelivered ? delivery.at : null,
        exhaustedAt: isGivenUp ? delivery.at : null,
      });
      await tx.query(
        `insert into orders.notification_try (notification_id, try_no, at, duration_ms, status, problem)
         values ($1, $2, $3, $4, $5, $6)`,
        [
          notification.id,
          tryNo,
          delivery.at,
          delivery.durationMs,
          delivery.status,
          delivery.problem,
        ],
      );
    });
  }

  async oweAgain(id: string, now: Date): Promise<boolean> {
    return this.database.run(async (tx) => {
      const [, count] = await tx.query<[unknown[], number]>(
        `update orders.notification set next_try_at = $2, exhausted_at = null, delivered_at = null
         where id = $1`,
        [id, now],
      );
      if (count === 0) return false;
      const subject = { kind: 'notification', id } as const;
      await this.trail.append(tx, { act: 'notification-replayed', subject });
      return true;
    });
  }

  /** The latest first. */
  async ofMerchant(mchid: string, limit: number): Promise<readonly NotificationSummary[]> {
    return this.database.query<NotificationSummary>(
      `select n.id, n.event_type, n.about, n.url, n.created_at, n.next_try_at, n.delivered_at, n.exhausted_at,
         coalesce((select json_agg(json_build_object('try_no', t.try_no, 'at', t.at, 'duration_ms', t.duration_ms,
           'status', t.status, 'problem', t.problem) order by t.try_no)
           from orders.notification_try t where t.notification_id = n.id), '[]') as tries
       from orders.notification n where n.mchid = $1 order by n.created_at desc, n.id limit $2`,
      [mchid, limit],
    );
  }

  /** A try that outlived its lease was made again by another process; both count, and a delivery is never taken back. */
  private async settle(
    tx: EntityManager,
    notification: OwedNotification,
    after: { nextTryAt: Date | null; deliveredAt: Date | null; exhaustedAt: Date | null },
  ): Promise<number> {
    const [rows] = await tx.query<[{ tries: number }[], number]>(
      `update orders.notification set tries = tries + 1,
         delivered_at = coalesce(delivered_at, $2),
         next_try_at = case when delivered_at is null and $2::timestamptz is null then $3::timestamptz end,
         exhausted_at = case when delivered_at is null and $2::timestamptz is null then $4::timestamptz end
       where id = $1 returning tries`,
      [notification.id, after.deliveredAt, after.nextTryAt, after.exhaustedAt],
    );
    return rows[0]?.tries ?? notification.tries + 1;
  }
}

function toOwed(row: Row): OwedNotification {
  return {
    id: row.id,
    mchid: row.mchid,
    eventType: row.event_type,
    url: row.url,
    summary: row.summary,
    originalType: row.original_type,
    contentSealed: row.content_sealed,
    createdAt: row.created_at,
    tries: row.tries,
  };
}
