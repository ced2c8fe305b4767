import type { Clock, GaugeSource } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import { CLEARING_TERMS, shortfallOf } from '../../domain/watch.js';
import { PostgresWatch } from '../postgres/postgres-watch.js';

/** Days do not pass sooner, and the sums are of every account. */
const KEPT_MS = 60_000;
const LABELS = { currency: 'EUR' };

/** Money that should have passed on, and whether what we owe is covered. */
export function watchGauges(watch: { database: Database; clock: Clock }): GaugeSource {
  const reads = new PostgresWatch(watch.database);
  return {
    name: 'ledger watches',
    keptMs: KEPT_MS,
    gauges: {
      stuiver_clearing_oldest_days: {
        help: 'Age of the oldest amount on accounts through which money only passes',
        labels: ['kind'],
      },
      stuiver_clearing_overdue_accounts: {
        help: 'Such accounts on which an amount is past its term',
        labels: ['kind'],
      },
      stuiver_safeguarding_owed_minor: { help: 'What we owe customers', labels: ['currency'] },
      stuiver_safeguarding_assets_minor: {
        help: 'What PSPs and banks hold for them',
        labels: ['currency'],
      },
      stuiver_safeguarding_shortfall_minor: {
        help: 'By how much that is too little: never anything but 0',
        labels: ['currency'],
      },
    },
    read: async () => {
      const clearing = await reads.clearing(watch.clock.now());
      const covered = await reads.safeguarding();
      const money = (gauge: string, value: bigint) => ({
        ...{ gauge: `stuiver_safeguarding_${gauge}_minor`, value: Number(value), labels: LABELS },
      });
      return [
        ...CLEARING_TERMS.flatMap(({ kind, days: term }) => {
          const ages = clearing.filter((open) => open.kind === kind).map(({ days }) => days);
          const overdue = ages.filter((days) => days > term).length;
          const labels = { kind };
          return [
            { gauge: 'stuiver_clearing_oldest_days', value: Math.max(0, ...ages), labels },
            { gauge: 'stuiver_clearing_overdue_accounts', value: overdue, labels },
          ];
        }),
        ...[money('owed', covered.owed), money('assets', covered.assets)],
        money('shortfall', shortfallOf(covered)),
      ];
    },
  };
}
