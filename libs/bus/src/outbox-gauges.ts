import type { Clock, GaugeSource } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';

/** What every outbox tells, whatever table it is. */
export const OUTBOX_GAUGES = {
  stuiver_outbox_unsent: { help: 'Events said and not yet sent', labels: ['service'] },
  stuiver_outbox_oldest_seconds: { help: 'Age of the oldest of them', labels: ['service'] },
};

/** How far the relay of a service is behind its outbox table. */
export function outboxGauges(options: {
  readonly service: string;
  readonly schema: 'orders' | 'payout';
  readonly database: Database;
  readonly clock: Clock;
}): GaugeSource {
  const { service, schema, database, clock } = options;
  return {
    name: `${service} outbox`,
    gauges: OUTBOX_GAUGES,
    read: async () => {
      const [row] = await database.query<{ unsent: string; oldest: string }>(
        `select count(*)::text as unsent,
                greatest(0, coalesce(extract(epoch from $1::timestamptz - min(occurred_at)), 0))::text as oldest
           from ${schema}.outbox where sent_at is null`,
        [clock.now()],
      );
      const labels = { service };
      return [
        { gauge: 'stuiver_outbox_unsent', value: Number(row?.unsent), labels },
        { gauge: 'stuiver_outbox_oldest_seconds', value: Number(row?.oldest), labels },
      ];
    },
  };
}
