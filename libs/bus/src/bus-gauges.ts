import type { GaugeSource } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import type { BusLag } from './event-bus.js';

const MS_PER_SECOND = 1_000;

/** How far each consumer is behind its topic, over whichever transport. */
export function consumerLagGauges(bus: BusLag): GaugeSource {
  const labels = ['consumer', 'topic'];
  return {
    name: 'consumer lag',
    gauges: {
      stuiver_consumer_lag: { help: 'Messages of its topic that a consumer has not taken', labels },
      stuiver_consumer_lag_seconds: { help: 'Age of the oldest message not taken', labels },
    },
    read: async () =>
      (await bus.lag()).flatMap(({ consumer, topic, messages, oldestAgeMs }) => [
        { gauge: 'stuiver_consumer_lag', value: messages, labels: { consumer, topic } },
        {
          gauge: 'stuiver_consumer_lag_seconds',
          value: oldestAgeMs / MS_PER_SECOND,
          labels: { consumer, topic },
        },
      ]),
  };
}

/** What consumers put aside for a person to decide; both transports keep it in PostgreSQL. */
export function deadLetterGauges(database: Database): GaugeSource {
  return {
    name: 'dead letters',
    gauges: {
      stuiver_dead_letters: {
        help: 'Messages that could not be handled and wait for a decision',
        labels: ['consumer', 'topic'],
      },
    },
    read: async () => {
      // Also zero for whoever ever had one: an alert needs to see it end.
      const rows = await database.query<{ consumer: string; topic: string; letters: string }>(
        `select consumer, topic, count(*) filter (where settled_at is null)::text as letters
           from bus.dead_letter group by consumer, topic
          union
         select consumer, topic, '0' from bus.cursor c
          where not exists (select from bus.dead_letter l where l.consumer = c.consumer and l.topic = c.topic)`,
      );
      return rows.map(({ consumer, topic, letters }) => ({
        ...{ gauge: 'stuiver_dead_letters', value: Number(letters), labels: { consumer, topic } },
      }));
    },
  };
}
