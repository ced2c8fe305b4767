import type { GaugeSource } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';

/** Beyond this a lag is a standstill, and counting on would cost more than it tells. */
const LAG_COUNTED_MAX = 100_000;

/** How far each consumer of the PostgreSQL transport is behind its topic. */
export function consumerLagGauges(database: Database): GaugeSource {
  return {
    name: 'consumer lag',
    gauges: {
      stuiver_consumer_lag: {
        help: `Messages of its topic that a consumer has not taken, up to ${String(LAG_COUNTED_MAX)}`,
        labels: ['consumer', 'topic'],
      },
    },
    read: async () => {
      const rows = await database.query<{ consumer: string; topic: string; lag: string }>(
        `select consumer, topic,
                (select count(*) from (select from bus.message said
                   where said.topic = c.topic and said.position > c.position limit $1) as ahead)::text as lag
           from bus.cursor c`,
        [LAG_COUNTED_MAX],
      );
      return rows.map(({ consumer, topic, lag }) => ({
        ...{ gauge: 'stuiver_consumer_lag', value: Number(lag), labels: { consumer, topic } },
      }));
    },
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
      const rows = await database.query<{ consumer: string; topic: string; letters: string }>(
        `select c.consumer, c.topic, count(letter.position)::text as letters
           from bus.cursor c
           left join bus.dead_letter letter on letter.consumer = c.consumer and letter.topic = c.topic
            and to_jsonb(letter) ->> 'settled_at' is null
          group by c.consumer, c.topic`,
      );
      return rows.map(({ consumer, topic, letters }) => ({
        ...{ gauge: 'stuiver_dead_letters', value: Number(letters), labels: { consumer, topic } },
      }));
    },
  };
}
