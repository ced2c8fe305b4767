import { OUTBOX_GAUGES } from '@stuiver/bus';
import type { Clock, Gauges, GaugeSource } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import { watchGauges } from './watch-gauges.js';

interface LedgerWatch {
  readonly database: Database;
  readonly clock: Clock;
  /** Commands this process has taken and not yet answered. */
  readonly commandsWaiting: () => number;
}

/** Every account is summed: often enough to be told soon, seldom enough to cost nothing. */
const TRIAL_BALANCE_KEPT_MS = 60_000;

/** Offers what an operator watches of the ledger. */
export function watchLedger(gauges: Gauges, watch: LedgerWatch): void {
  gauges.watch(headGauges(watch));
  gauges.watch(trialBalanceGauges(watch));
  gauges.watch(watchGauges(watch));
}

interface Head {
  readonly batch: string;
  readonly at: string;
  readonly untold: string;
  readonly oldest: string;
}

const HEAD_SQL = `
  select head.batch::text, extract(epoch from head.at)::text as at, (head.last_seq - told.last_seq)::text as untold,
         greatest(0, coalesce(extract(epoch from $1::timestamptz - first.at), 0))::text as oldest
    from ledger.head
    join ledger.told on told.shard = head.shard
    left join ledger.transfer next on next.seq = told.last_seq + 1
    left join ledger.batch first on first.no = next.batch`;

function headGauges({ database, clock, commandsWaiting }: LedgerWatch): GaugeSource {
  return {
    name: 'ledger head',
    gauges: {
      ...OUTBOX_GAUGES,
      stuiver_ledger_head: { help: 'Number of the last batch: it moves when anything is booked' },
      stuiver_ledger_last_batch_timestamp_seconds: { help: 'When that batch was booked' },
      stuiver_ledger_commands_waiting: {
        help: 'Commands that this process has taken and not yet answered',
      },
    },
    read: async () => {
      const [head] = await database.query<Head>(HEAD_SQL, [clock.now()]);
      const labels = { service: 'ledger' };
      return [
        { gauge: 'stuiver_outbox_unsent', value: Number(head?.untold), labels },
        { gauge: 'stuiver_outbox_oldest_seconds', value: Number(head?.oldest), labels },
        { gauge: 'stuiver_ledger_head', value: Number(head?.batch) },
        { gauge: 'stuiver_ledger_last_batch_timestamp_seconds', value: Number(head?.at) },
        { gauge: 'stuiver_ledger_commands_waiting', value: commandsWaiting() },
      ];
    },
  };
}

function trialBalanceGauges({ database }: LedgerWatch): GaugeSource {
  return {
    name: 'trial balance',
    keptMs: TRIAL_BALANCE_KEPT_MS,
    gauges: {
      stuiver_trial_balance_difference_minor: {
        help: 'All debits less all credits, in minor units: never anything but 0',
        labels: ['currency'],
      },
    },
    read: async () => {
      const rows = await database.query<{ currency: string; difference: string }>(
        `select currency, sum(case when normal_side = 'debit' then balance_minor else -balance_minor end)::text as difference
           from ledger.account group by currency`,
      );
      return rows.map(({ currency, difference }) => ({
        gauge: 'stuiver_trial_balance_difference_minor',
        ...{ value: Number(difference), labels: { currency } },
      }));
    },
  };
}
