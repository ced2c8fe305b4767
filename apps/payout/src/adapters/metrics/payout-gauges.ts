import { outboxGauges } from '@stuiver/bus';
import type { Money } from '@stuiver/money';
import type { Clock, Gauges } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';

interface PayoutWatch {
  readonly database: Database;
  readonly clock: Clock;
  readonly tieOut: { unexplained(): Money };
}

/** Offers what an operator watches of Payout. */
export function watchPayout(gauges: Gauges, { database, clock, tieOut }: PayoutWatch): void {
  gauges.watch(outboxGauges({ service: 'payout', schema: 'payout', database, clock }));
  gauges.watch({
    name: 'tie-out',
    gauges: {
      stuiver_tie_out_unexplained_minor: {
        help: 'What PSP, ledger and bank differ by and no open item explains, in cents',
      },
    },
    read: () =>
      Promise.resolve([
        {
          gauge: 'stuiver_tie_out_unexplained_minor',
          value: tieOut.unexplained().toJsonInteger(),
        },
      ]),
  });
}
