import type { BatchDetail, BatchState, BatchSummary } from '@stuiver/console-api';
import { Link } from '../parts/link.js';
import { useTitle } from '../parts/use-title.js';
import { go } from '../state.js';
import { change } from './api.js';
import { codeWord } from './code-words.js';
import { decimalOf } from './csv.js';
import { Filters, queryOf } from './filters.js';
import { Amount, Day, Table, Trouble, When } from './parts.js';
import { State } from './states.js';
import { useAct } from './use-act.js';
import { Pages } from './use-pages.js';
import { cw } from './words.js';

export const BATCHES = '/console/finance/batches';
const STATES: readonly BatchState[] = [
  ...(['prepared', 'approving', 'approved', 'exported', 'refused', 'discarded'] as const),
];
const CSV = {
  name: 'stuiver-payment-files',
  heads: [
    'file',
    'created_at',
    'state',
    'maker',
    'checker',
    'pays_on',
    'payouts',
    'amount',
    'currency',
  ],
  row: (batch: BatchSummary) => [
    ...[batch.batchId, batch.createdAt, batch.state, batch.maker, batch.checker ?? ''],
    ...[batch.executionDate, String(batch.count), decimalOf(batch.sumMinor), 'EUR'],
  ],
};

/** The files for the bank, newest first, and the button that makes the next. */
export function Batches() {
  const w = cw.value;
  useTitle(w.payouts);
  const { busy, error, act } = useAct();
  const prepare = async (): Promise<void> => {
    const made = await change<BatchDetail>(BATCHES, {});
    go(`/finance/payouts/${made.batchId}`);
  };
  return (
    <>
      <h1>{w.payouts}</h1>
      <PayoutTabs />
      <p>
        <button
          type="button"
          class="primary"
          disabled={busy}
          onClick={() => {
            act(prepare);
          }}
        >
          {w.prepare}
        </button>
      </p>
      <Trouble error={error} />
      <Filters
        names={['state']}
        choices={[
          {
            name: 'state',
            label: w.state,
            options: STATES.map((state) => [state, codeWord('batch', state)] as const),
          },
        ]}
      />
      <Pages<BatchSummary> path={BATCHES} query={queryOf(['state'])} empty={w.noBatches} csv={CSV}>
        {(batches) => (
          <Table
            caption={w.payouts}
            heads={[w.batch, w.state, w.maker, w.execution, w.amount]}
            rows={batches.map((batch) => ({
              key: batch.batchId,
              cells: [
                <Link key="to" to={`/finance/payouts/${batch.batchId}`}>
                  <When at={batch.createdAt} />
                </Link>,
                <State key="state" of="batch" code={batch.state} />,
                batch.maker,
                <Day key="day" day={batch.executionDate} />,
                <Amount key="sum" minor={batch.sumMinor} />,
              ],
            }))}
          />
        )}
      </Pages>
    </>
  );
}

/** Files, or each payout of them. */
export function PayoutTabs() {
  return (
    <nav class="tabs" aria-label={cw.value.payouts}>
      <Link to="/finance/payouts">{cw.value.batches}</Link>
      <Link to="/finance/payouts/all">{cw.value.allPayouts}</Link>
    </nav>
  );
}
