import { outboxGauges } from '@stuiver/bus';
import type { Clock, Gauges, GaugeSource } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';

/** Whoever asks the PSP or the ledger for this long and does not know needs a person. */
const STUCK_AFTER = '15 minutes';
/** A refund may be under way for days: the payer's bank takes its time. Not for longer than this. */
const REFUND_UNDER_WAY_FOR = '10 days';
/** Older ones were seen, or nobody misses them. */
const EXHAUSTED_WITHIN = '7 days';

interface OrderWatch {
  readonly database: Database;
  readonly clock: Clock;
}

/** Offers what an operator watches of Order. */
export function watchOrder(gauges: Gauges, { database, clock }: OrderWatch): void {
  gauges.watch(outboxGauges({ service: 'order', schema: 'orders', database, clock }));
  gauges.watch(unfinishedGauges({ database, clock }));
}

// Each part walks a partial index of what is open, never a whole table.
const UNFINISHED_SQL = `
  select (select count(*) from orders.attempt where ask_at is not null and state in ('confirming', 'unknown')
             and confirmed_at < $1::timestamptz - interval '${STUCK_AFTER}')::text as attempts,
         (select count(*) from orders.top_up where ask_at is not null and state in ('confirming', 'unknown')
             and created_at < $1::timestamptz - interval '${STUCK_AFTER}')::text as top_ups,
         (select count(*) from orders.refund where work_at is not null and state = 'requested'
             and created_at < $1::timestamptz - interval '${STUCK_AFTER}')::text as requested,
         (select count(*) from orders.refund where work_at is not null and state = 'processing'
             and created_at < $1::timestamptz - interval '${REFUND_UNDER_WAY_FOR}')::text as processing,
         (select count(*) from orders.refund where state = 'abnormal')::text as abnormal,
         (select count(*) from orders.notification
           where exhausted_at > $1::timestamptz - interval '${EXHAUSTED_WITHIN}')::text as exhausted,
         (select count(*) from orders.risk_review where state = 'waiting' and deadline_at < $1)::text as reviews`;

interface Unfinished {
  readonly attempts: string;
  readonly top_ups: string;
  readonly requested: string;
  readonly processing: string;
  readonly abnormal: string;
  readonly exhausted: string;
  readonly reviews: string;
}

function unfinishedGauges({ database, clock }: OrderWatch): GaugeSource {
  return {
    name: 'order',
    gauges: {
      stuiver_attempts_stuck: {
        help: `Payments confirming or unknown for over ${STUCK_AFTER}`,
        labels: ['kind'],
      },
      stuiver_refunds_stuck: {
        help: `Refunds requested for over ${STUCK_AFTER} or processing for over ${REFUND_UNDER_WAY_FOR} or abnormal`,
        labels: ['state'],
      },
      stuiver_notifications_exhausted: {
        help: `Notifications given up within ${EXHAUSTED_WITHIN}, after every try`,
      },
      stuiver_reviews_overdue: {
        help: 'Held payments that wait past their deadline',
      },
    },
    read: async () => {
      const [row] = await database.query<Unfinished>(UNFINISHED_SQL, [clock.now()]);
      const stuck = 'stuiver_attempts_stuck';
      const refunds = 'stuiver_refunds_stuck';
      return [
        { gauge: stuck, value: Number(row?.attempts), labels: { kind: 'payment' } },
        { gauge: stuck, value: Number(row?.top_ups), labels: { kind: 'top-up' } },
        { gauge: refunds, value: Number(row?.requested), labels: { state: 'requested' } },
        { gauge: refunds, value: Number(row?.processing), labels: { state: 'processing' } },
        { gauge: refunds, value: Number(row?.abnormal), labels: { state: 'abnormal' } },
        { gauge: 'stuiver_notifications_exhausted', value: Number(row?.exhausted) },
        { gauge: 'stuiver_reviews_overdue', value: Number(row?.reviews) },
      ];
    },
  };
}
