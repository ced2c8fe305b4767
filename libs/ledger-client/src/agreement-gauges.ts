import type { GaugeSource } from '@stuiver/ports';
import type { AgreeWithLedger } from './agree-with-ledger.js';

/** Looking is comparing: some pages further each time, so a minute must lie between two looks. */
const KEPT_MS = 60_000;

export function agreementGauges(service: string, agree: AgreeWithLedger): GaugeSource {
  return {
    name: `agreement of ${service} with the ledger`,
    keptMs: KEPT_MS,
    gauges: {
      stuiver_bookings_disagree: {
        help: 'Payments, refunds, top-ups and payouts that are not booked once with their amount, and bookings without one',
        labels: ['service'],
      },
    },
    read: async () => {
      const value = (await agree.run()).length;
      return [{ gauge: 'stuiver_bookings_disagree', value, labels: { service } }];
    },
  };
}
