import type { SettlementDetail, SettlementLine, SettlementSummary } from '@stuiver/console-api';
import { Link } from '../parts/link.js';
import { useTitle } from '../parts/use-title.js';
import { language } from '../state.js';
import { codeWord } from './code-words.js';
import { decimalOf } from './csv.js';
import { Amount, Chip, Facts, Shown, Table, When } from './parts.js';
import { BankReason, State } from './states.js';
import { useAsked } from './use-asked.js';
import { Pages } from './use-pages.js';
import { cw } from './words.js';

const CSV = {
  name: 'stuiver-settlements',
  heads: [
    'settlement',
    'created_at',
    'state',
    'payout_state',
    'end_to_end_id',
    'amount',
    'currency',
  ],
  row: (settlement: SettlementSummary) => [
    ...[settlement.settlementId, settlement.createdAt, settlement.state],
    ...[settlement.payout?.state ?? '', settlement.payout?.endToEndId ?? ''],
    ...[settlement.amountMinor === null ? '' : decimalOf(settlement.amountMinor), 'EUR'],
  ],
};

/** What became a merchant's for good, day by day, and whether the bank has it. */
export function Settlements({ mchid }: { mchid: string }) {
  const w = cw.value;
  useTitle(w.settlements);
  const path = `/console/merchants/${mchid}/settlements`;
  return (
    <>
      <h1>{w.settlements}</h1>
      <Pages<SettlementSummary> path={path} empty={w.noSettlements} csv={CSV}>
        {(settlements) => (
          <Table
            caption={w.settlements}
            heads={[w.settlement, w.state, w.payout, w.amount]}
            rows={settlements.map((settlement) => ({
              key: settlement.settlementId,
              cells: [
                <Link key="to" to={`/merchant/${mchid}/settlements/${settlement.settlementId}`}>
                  <When at={settlement.createdAt} />
                </Link>,
                <State key="state" of="settlement" code={settlement.state} />,
                settlement.payout === null ? (
                  w.noPayouts
                ) : (
                  <State key="payout" of="payout" code={settlement.payout.state} />
                ),
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
  const asked = useAsked<SettlementDetail>(path);
  return (
    <>
      <p>
        <Link back to={`/merchant/${mchid}/settlements`}>
          {w.settlements}
        </Link>
      </p>
      <h1>{w.settlement}</h1>
      <Shown asked={asked}>
        {(settlement) => (
          <>
            <SettlementFacts settlement={settlement} />
            <Lines mchid={mchid} lines={settlement.lines} />
            <Files path={path} settlement={settlement} />
          </>
        )}
      </Shown>
    </>
  );
}

function SettlementFacts({ settlement }: { settlement: SettlementDetail }) {
  const w = cw.value;
  const { payout, amountMinor } = settlement;
  return (
    <Facts
      facts={[
        [w.amount, amountMinor === null ? '–' : <Amount minor={amountMinor} />],
        [w.state, <State key="state" of="settlement" code={settlement.state} />],
        [
          w.payout,
          payout === null ? (
            w.noPayouts
          ) : (
            <>
              <State of="payout" code={payout.state} />
              <BankReason code={payout.reasonCode} />
            </>
          ),
        ],
        [w.account, payout === null ? '–' : `•••• ${payout.ibanLast4}`],
        ['EndToEndId', payout === null ? '–' : <Chip id={payout.endToEndId} />],
      ]}
    />
  );
}

function Lines({ mchid, lines }: { mchid: string; lines: readonly SettlementLine[] }) {
  const w = cw.value;
  return (
    <Table
      caption={w.lines}
      heads={[w.order, w.kind, w.date, w.transfer, w.amount, w.running]}
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
          `${codeWord('purpose', line.purpose)} ${line.description ?? ''}`,
          <When key="at" at={line.bookedAt} />,
          line.transferSeq,
          <Amount key="sum" minor={line.amountMinor} />,
          <Amount key="running" minor={line.runningMinor} />,
        ],
      }))}
    />
  );
}

/** Every line, as a spreadsheet, a program and a person read it. */
function Files({ path, settlement }: { path: string; settlement: SettlementDetail }) {
  const w = cw.value;
  if (settlement.state !== 'closed') return null;
  return (
    <p>
      <a class="button quiet" href={`${path}/lines.csv`} download>
        {w.exportCsv}
      </a>{' '}
      <a class="button quiet" href={`${path}/lines.json`} download>
        JSON
      </a>{' '}
      <a class="button quiet" href={`${path}/lines.pdf?lang=${language.value}`} download>
        PDF
      </a>
    </p>
  );
}
