import { outboxGauges } from '@stuiver/bus';
import type { Clock, Gauges } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';

/** Offers what an operator watches of Payout. */
export function watchPayout(gauges: Gauges, watch: { database: Database; clock: Clock }): void {
  gauges.watch(outboxGauges({ service: 'payout', schema: 'payout', ...watch }));
}
