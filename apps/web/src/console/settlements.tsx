import type { SettlementDetail, SettlementSummary } from '@stuiver/console-api';
import { Link } from '../parts/link.js';
import { useLoaded } from '../parts/use-loaded.js';
import { useTitle } from '../parts/use-title.js';
import { read } from './api.js';
import { Amount, Chip, Facts, Shown, Table, When } from './parts.js';
import { Pages } from './use-pages.js';
import { cw } from './words.js';

/** What became a merchant's for good, day by day, and whether the bank has it. */
export function Settlements({ mchid }: { mchid: string }) {
  const w = cw.value;
  useTitle(w.settlements);
  const path = `/console/merchants/${mchid}/settlements`;
  return (
    <>
      <h1>{w.settlements}</h1>
      <Pages<SettlementSummary> path={path} empty={w.noSettlements}>
        {(settlements) => (
          <Table
            caption={w.settlements}
            heads={[w.settlement, w.state, w.payouts, w.amount]}
            rows={settlements.map((settlement) => ({
              key: settlement.settlementId,
              cells: [
                <Link key="to" to={`/merchant/${mchid}/settlements/${settlement.settlementId}`}>
                  <When at={settlement.createdAt} />
                </Link>,
                settlement.state,
                settlement.payout?.state ?? w.noPayouts,
                settlement.amountMinor === null ? '–' : <Amount minor={settlement.amountMinor} />,
              ],
            }))}
          />
        )}
      </Pages>
    </>
  );
}

export function SettlementPage({ mchid, id }: { mchid: string; id: string }) {
  const w = cw.value;
  useTitle(w.settlement);
  const path = `/console/merchants/${mchid}/settlements/${id}`;
  const loaded = useLoaded(() => read<SettlementDetail>(path), [path]);
  return (
    <>
      <p>
        <Link to={`/merchant/${mchid}/settlements`}>{w.settlements}</Link>
      </p>
      <h1>{w.settlement}</h1>
      <Shown loaded={loaded}>
        {(settlement) => <Settlement mchid={mchid} settlement={settlement} />}
      </Shown>
    </>
  );
}

function Settlement(props: { mchid: string; settlement: SettlementDetail }) {
  const { mchid, settlement } = props;
  const w = cw.value;
  const { payout, lines } = settlement;
  return (
    <>
      <Facts
        facts={[
          [
            w.amount,
            settlement.amountMinor === null ? '–' : <Amount minor={settlement.amountMinor} />,
          ],
          [w.state, settlement.state],
          [w.payouts, payout === null ? w.noPayouts : payout.state],
          ['EndToEndId', payout === null ? '–' : <Chip id={payout.endToEndId} />],
        ]}
      />
      <Table
        caption={w.lines}
        heads={[w.order, w.description, w.date, w.transfer, w.amount, w.running]}
        rows={lines.map((line) => ({
          key: line.version,
          cells: [
            line.orderId === null ? (
              '–'
            ) : (
              <Link key="to" to={`/merchant/${mchid}/orders/${line.orderId}`}>
                {line.outTradeNo ?? line.orderId}
              </Link>
            ),
            `${line.purpose} ${line.description ?? ''}`,
            <When key="at" at={line.bookedAt} />,
            line.transferSeq,
            <Amount key="sum" minor={line.amountMinor} />,
            <Amount key="running" minor={line.runningMinor} />,
          ],
        }))}
      />
      <p>
        <a href={csvOf(settlement)} download={`${settlement.settlementId}.csv`}>
          {w.csv}
        </a>
      </p>
    </>
  );
}

/** Exactly what is shown, amounts in minor units. */
function csvOf({ lines }: SettlementDetail): string {
  const head = 'version,purpose,out_trade_no,out_refund_no,booked_at,amount_minor,running_minor';
  const rows = lines.map((line) =>
    [
      ...[line.version, line.purpose, line.outTradeNo ?? '', line.outRefundNo ?? ''],
      ...[line.bookedAt, line.amountMinor, line.runningMinor],
    ].join(','),
  );
  return `data:text/csv;charset=utf-8,${encodeURIComponent([head, ...rows].join('\n'))}`;
}
