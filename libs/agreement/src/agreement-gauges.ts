import type { GaugeSource } from '@stuiver/ports';
import type { AgreementRows } from './agreement-rows.js';

/** What the last look left; telling it compares nothing. */
export function agreementGauges(
  service: string,
  rows: Pick<AgreementRows, 'standing'>,
): GaugeSource {
  return {
    name: `agreement of ${service} with the ledger`,
    gauges: {
      stuiver_bookings_disagree: {
        help: 'Payments, refunds, top-ups and payouts that are not booked once with their amount, and bookings without one',
        labels: ['service'],
      },
    },
    read: async () => {
      const value = (await rows.standing()).length;
      return [{ gauge: 'stuiver_bookings_disagree', value, labels: { service } }];
    },
  };
}
