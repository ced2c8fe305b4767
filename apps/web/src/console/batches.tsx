import type { BatchDetail, BatchSummary } from '@stuiver/console-api';
import { money } from '@stuiver/host';
import { useState } from 'preact/hooks';
import { Link } from '../parts/link.js';
import { useLoaded } from '../parts/use-loaded.js';
import { useTitle } from '../parts/use-title.js';
import { go, language } from '../state.js';
import { change, read } from './api.js';
import { Amount, Chip, Facts, Shown, Table, When } from './parts.js';
import { useAct } from './use-act.js';
import { Pages } from './use-pages.js';
import { cw } from './words.js';

const BATCHES = '/console/finance/batches';

/** The files for the bank, newest first, and the button that makes the next. */
export function Batches() {
  const w = cw.value;
  useTitle(w.payouts);
  const { busy, problem, act } = useAct();
  const prepare = async (): Promise<void> => {
    const made = await change<BatchDetail>(BATCHES, {});
    go(`/finance/payouts/${made.batchId}`);
  };
  return (
    <>
      <h1>{w.payouts}</h1>
      <p>
        <button
          type="button"
          disabled={busy}
          onClick={() => {
            act(prepare);
          }}
        >
          {w.prepare}
        </button>
      </p>
      <p role="alert">{problem}</p>
      <Pages<BatchSummary> path={BATCHES} empty={w.noBatches}>
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
                batch.state,
                batch.maker,
                batch.executionDate,
                <Amount key="sum" minor={batch.sumMinor} />,
              ],
            }))}
          />
        )}
      </Pages>
    </>
  );
}

export function BatchPage({ id }: { id: string }) {
  useTitle(cw.value.batch);
  const [turn, setTurn] = useState(0);
  const loaded = useLoaded(() => read<BatchDetail>(`${BATCHES}/${id}`), [id, turn]);
  return (
    <>
      <p>
        <Link to="/finance/payouts">{cw.value.back}</Link>
      </p>
      <h1>{cw.value.batch}</h1>
      <Shown loaded={loaded}>
        {(batch) => (
          <Batch
            batch={batch}
            onChanged={() => {
              setTurn(turn + 1);
            }}
          />
        )}
      </Shown>
    </>
  );
}

function Batch({ batch, onChanged }: { batch: BatchDetail; onChanged: () => void }) {
  const w = cw.value;
  return (
    <>
      <Facts
        facts={[
          [w.state, batch.state],
          [w.amount, <Amount key="sum" minor={batch.sumMinor} />],
          [w.maker, batch.maker],
          [w.checker, batch.checker ?? '–'],
          [w.execution, batch.executionDate],
          [w.bankBalance, <Amount key="bank" minor={batch.bankBalanceMinor} />],
          [w.hash, <Chip key="hash" id={batch.fileSha256} />],
        ]}
      />
      <Shortfall batch={batch} />
      <Acts batch={batch} onChanged={onChanged} />
      <Table
        caption={w.payouts}
        heads={[w.merchant, w.account, 'EndToEndId', w.state, w.settlement, w.amount]}
        rows={batch.payouts.map((payout) => ({
          key: payout.payoutId,
          cells: [
            payout.merchantId,
            `•••• ${payout.ibanLast4}`,
            <Chip key="id" id={payout.endToEndId} />,
            payout.reasonCode === null ? payout.state : `${payout.state} (${payout.reasonCode})`,
            <Link key="to" to={`/merchant/${payout.merchantId}/settlements/${payout.settlementId}`}>
              {w.settlement}
            </Link>,
            <Amount key="sum" minor={payout.amountMinor} />,
          ],
        }))}
      />
      {batch.heldBack.length > 0 && <h2>{w.heldBack}</h2>}
      <ul>
        {batch.heldBack.map(({ settlementId, amountMinor, reason }) => (
          <li key={settlementId}>
            <Amount minor={amountMinor} /> {reason}
          </li>
        ))}
      </ul>
    </>
  );
}

function Shortfall({ batch }: { batch: BatchDetail }) {
  const missing = BigInt(batch.sumMinor) - BigInt(batch.bankBalanceMinor);
  if (batch.state !== 'prepared' || missing <= 0n) return null;
  const amount = money(String(missing), 'EUR', language.value);
  return (
    <p class="person">
      <span aria-hidden="true">! </span>
      {cw.value.shortfall.replace('{amount}', amount)}
    </p>
  );
}

/** Review, then confirm with the amount in the button; the maker may not. */
function Acts({ batch, onChanged }: { batch: BatchDetail; onChanged: () => void }) {
  const w = cw.value;
  const { busy, problem, act } = useAct();
  const then = (path: string, body: object) => () => {
    act(async () => {
      await change(`${BATCHES}/${batch.batchId}/${path}`, body);
      onChanged();
    });
  };
  return (
    <div class="acts">
      {batch.state === 'prepared' && (
        <>
          <Approve
            batch={batch}
            busy={busy}
            onApprove={then('approve', { fileSha256: batch.fileSha256 })}
          />
          <button type="button" class="quiet" disabled={busy} onClick={then('discard', {})}>
            {w.discard}
          </button>
          {!batch.mayApprove && <p class="person">{w.makerMayNot}</p>}
        </>
      )}
      {batch.state === 'approved' && (
        <button type="button" disabled={busy} onClick={then('export', {})}>
          {w.export}
        </button>
      )}
      {batch.state === 'exported' && (
        <a href={`${BATCHES}/${batch.batchId}/file`} download={`${batch.batchId}.xml`}>
          {w.download}
        </a>
      )}
      <p role="alert">{problem}</p>
    </div>
  );
}

function Approve(props: { batch: BatchDetail; busy: boolean; onApprove: () => void }) {
  const { batch, busy, onApprove } = props;
  const [sure, setSure] = useState(false);
  const amount = money(batch.sumMinor, 'EUR', language.value);
  if (!sure) {
    return (
      <button
        type="button"
        onClick={() => {
          setSure(true);
        }}
      >
        {cw.value.approve.replace('{amount}', amount)}
      </button>
    );
  }
  return (
    <button type="button" disabled={busy} onClick={onApprove}>
      {cw.value.confirmApprove
        .replace('{amount}', amount)
        .replace('{count}', String(batch.payouts.length))}
    </button>
  );
}
