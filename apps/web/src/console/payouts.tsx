import type { PayoutState, PayoutSummary } from '@stuiver/console-api';
import { useState } from 'preact/hooks';
import { Link } from '../parts/link.js';
import { useTitle } from '../parts/use-title.js';
import { me } from './api.js';
import { PayoutTabs } from './batches.js';
import { codeWord } from './code-words.js';
import { decimalOf } from './csv.js';
import { Filters, queryOf } from './filters.js';
import { Amount, Chip, Table } from './parts.js';
import { ConfirmPayee, Reject } from './payout-acts.js';
import { BankReason, State } from './states.js';
import { Pages } from './use-pages.js';
import { cw } from './words.js';

const NAMES = ['q', 'state'];
const STATES: readonly PayoutState[] = [
  ...(['prepared', 'approved', 'exported', 'settled', 'rejected', 'returned', 'refused'] as const),
];
const CSV = {
  name: 'stuiver-payouts',
  heads: [
    'payout',
    'file',
    'made_at',
    'merchant',
    'settlement',
    'account_last4',
    'end_to_end_id',
    'state',
    'reason',
    'amount',
    'currency',
  ],
  row: (payout: PayoutSummary) => [
    ...[payout.payoutId, payout.batchId, payout.createdAt, payout.merchantId],
    ...[payout.settlementId, payout.ibanLast4, payout.endToEndId, payout.state],
    ...[payout.reasonCode ?? '', decimalOf(payout.amountMinor), payout.currency],
  ],
};

/** Each payout, whatever file it is in. */
export function Payouts() {
  const w = cw.value;
  useTitle(w.allPayouts);
  const [turn, setTurn] = useState(0);
  return (
    <>
      <h1>{w.allPayouts}</h1>
      <PayoutTabs />
      <Filters
        names={NAMES}
        hint={w.searchPayouts}
        choices={[
          {
            name: 'state',
            label: w.state,
            options: STATES.map((state) => [state, codeWord('payout', state)] as const),
          },
        ]}
      />
      <Pages<PayoutSummary>
        key={turn}
        path="/console/finance/payouts"
        query={queryOf(NAMES)}
        empty={w.noPayoutsYet}
        csv={CSV}
      >
        {(payouts) => (
          <PayoutTable
            payouts={payouts}
            withBatch
            onChanged={() => {
              setTurn(turn + 1);
            }}
          />
        )}
      </Pages>
    </>
  );
}

export function PayoutTable(props: {
  payouts: readonly PayoutSummary[];
  withBatch?: boolean;
  onChanged: () => void;
}) {
  const { payouts, withBatch = false, onChanged } = props;
  const w = cw.value;
  return (
    <Table
      caption={w.payouts}
      heads={[w.settlement, w.merchant, w.account, 'EndToEndId', w.state, w.amount]}
      rows={payouts.map((payout) => ({
        key: payout.payoutId,
        cells: [
          <span key="to">
            <Link to={`/merchant/${payout.merchantId}/settlements/${payout.settlementId}`}>
              {w.settlement}
            </Link>
            {withBatch && (
              <>
                {' · '}
                <Link to={`/finance/payouts/${payout.batchId}`}>{w.batch}</Link>
              </>
            )}
          </span>,
          payout.merchantId,
          <Account key="account" payout={payout} />,
          <Chip key="id" id={payout.endToEndId} />,
          <span key="state">
            <State of="payout" code={payout.state} />
            <BankReason code={payout.reasonCode} />
            <Acts payout={payout} onChanged={onChanged} />
          </span>,
          <Amount key="sum" minor={payout.amountMinor} />,
        ],
      }))}
    />
  );
}

function Account({ payout }: { payout: PayoutSummary }) {
  const { ibanLast4, payeeCheck } = payout;
  return (
    <>
      •••• {ibanLast4}
      {payeeCheck !== null && (
        <span class={payeeCheck === 'RCVC' ? 'soft' : 'person'}>
          {' '}
          {cw.value.payeeCheck}: {codeWord('payeeCheck', payeeCheck)}
        </span>
      )}
    </>
  );
}

/** What finance can say about a payout that the bank has, or sent back. */
function Acts({ payout, onChanged }: { payout: PayoutSummary; onChanged: () => void }) {
  const isFinance = me.value?.roles.includes('finance') === true;
  if (payout.state === 'exported') return <Reject payout={payout} onChanged={onChanged} />;
  const cameBack = payout.state === 'rejected' || payout.state === 'returned';
  return cameBack && isFinance ? <ConfirmPayee payout={payout} onChanged={onChanged} /> : null;
}
