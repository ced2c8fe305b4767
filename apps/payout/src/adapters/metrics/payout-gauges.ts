import { outboxGauges } from '@stuiver/bus';
import type { Clock, Gauges } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';

const UNEXPLAINED = 'stuiver_tie_out_unexplained_minor';
const OPEN_ITEMS = 'stuiver_open_items';

interface PayoutWatch {
  readonly database: Database;
  readonly clock: Clock;
}

/** Offers what an operator watches of Payout. */
export function watchPayout(gauges: Gauges, watch: PayoutWatch): void {
  const { database, clock } = watch;
  gauges.watch(outboxGauges({ service: 'payout', schema: 'payout', database, clock }));
  gauges.watch({
    name: 'payout reconciliation',
    gauges: {
      [UNEXPLAINED]: {
        help: 'Cents by which PSP, ledger and bank differ and no open item explains, at the last reading',
      },
      [OPEN_ITEMS]: { help: 'Open items that are past their time, by kind', labels: ['kind'] },
    },
    read: async () => {
      const [last] = await database.query<{ value: number }>(
        'select unexplained_minor::float8 as value from payout.tie_out order by day desc limit 1',
      );
      const items = await database.query<{ kind: string; value: number }>(
        `select kind, count(*)::float8 as value from payout.open_item
         where resolved_at is null and (due_at is null or due_at < $1) group by kind`,
        [clock.now()],
      );
      return [
        ...(last === undefined ? [] : [{ gauge: UNEXPLAINED, value: last.value }]),
        ...items.map(({ kind, value }) => ({ gauge: OPEN_ITEMS, value, labels: { kind } })),
      ];
    },
  });
}
