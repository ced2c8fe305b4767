import type { BatchDetail } from '@stuiver/console-api';
import { useState } from 'preact/hooks';
import { Link } from '../parts/link.js';
import { useTitle } from '../parts/use-title.js';
import { change, me } from './api.js';
import { BatchConsent } from './batch-consent.js';
import { BATCHES } from './batches.js';
import { codeWord } from './code-words.js';
import { Confirm } from './confirm.js';
import { Amount, Chip, Day, dayText, euros, Facts, Shown, Trouble } from './parts.js';
import { PayoutTable } from './payouts.js';
import { State } from './states.js';
import { useAct } from './use-act.js';
import { useAsked } from './use-asked.js';
import { cw } from './words.js';

export function BatchPage({ id }: { id: string }) {
  useTitle(cw.value.batch);
  const asked = useAsked<BatchDetail>(`${BATCHES}/${id}`);
  return (
    <>
      <p>
        <Link back to="/finance/payouts">
          {cw.value.back}
        </Link>
      </p>
      <h1>{cw.value.batch}</h1>
      <Shown asked={asked}>{(batch) => <Batch batch={batch} onChanged={asked.again} />}</Shown>
    </>
  );
}

function Batch({ batch, onChanged }: { batch: BatchDetail; onChanged: () => void }) {
  const w = cw.value;
  return (
    <>
      <Facts
        facts={[
          [w.amount, <Amount key="sum" minor={batch.sumMinor} />],
          [w.state, <State key="state" of="batch" code={batch.state} />],
          [w.maker, batch.maker],
          [w.checker, batch.checker ?? '–'],
          [w.execution, <Day key="day" day={batch.executionDate} />],
          [w.bankBalance, <Amount key="bank" minor={batch.bankBalanceMinor} />],
          [w.hash, <Chip key="hash" id={batch.fileSha256} />],
        ]}
      />
      <Shortfall batch={batch} />
      <BatchConsent batch={batch} onChanged={onChanged} />
      <Acts batch={batch} onChanged={onChanged} />
      <PayoutTable payouts={batch.payouts} onChanged={onChanged} />
      {batch.heldBack.length > 0 && (
        <>
          <h2>{w.heldBack}</h2>
          <ul class="plain">
            {batch.heldBack.map(({ settlementId, merchantId, amountMinor, code }) => (
              <li key={settlementId}>
                <Amount minor={amountMinor} /> · {w.merchant} {merchantId}: {codeWord('held', code)}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function Shortfall({ batch }: { batch: BatchDetail }) {
  const missing = BigInt(batch.sumMinor) - BigInt(batch.bankBalanceMinor);
  const isTold = batch.prefunding.missingMinor !== '0';
  if (batch.state !== 'prepared' || missing <= 0n || isTold) return null;
  return (
    <p class="person">
      <span aria-hidden="true">● </span>
      {cw.value.shortfall.replace('{amount}', euros(String(missing)))}
    </p>
  );
}

function payoutsCounted(count: number): string {
  const w = cw.value;
  return count === 1 ? w.payoutCounted : w.payoutsCounted.replace('{count}', String(count));
}

/** Review, then confirm with the amount in the button; the maker may not. */
function Acts({ batch, onChanged }: { batch: BatchDetail; onChanged: () => void }) {
  const w = cw.value;
  const { busy, error, act } = useAct();
  const path = `${BATCHES}/${batch.batchId}`;
  return (
    <div class="acts">
      {batch.state === 'prepared' && <Decide batch={batch} onChanged={onChanged} />}
      {batch.state === 'approved' && (
        <button
          type="button"
          class="primary"
          disabled={busy}
          onClick={() => {
            act(async () => {
              await change(`${path}/export`, {});
              onChanged();
            });
          }}
        >
          {w.export}
        </button>
      )}
      {batch.state === 'exported' && (
        <a href={`${path}/file`} download={`${batch.batchId}.xml`}>
          {w.download}
        </a>
      )}
      <Trouble error={error} />
    </div>
  );
}

/** Why this reader may not approve it. */
function mayNot({ approvals }: BatchDetail): string {
  const isGiven = approvals.some(({ name }) => name === me.value?.name);
  return isGiven ? cw.value.youApproved : cw.value.makerMayNot;
}

function Decide({ batch, onChanged }: { batch: BatchDetail; onChanged: () => void }) {
  const w = cw.value;
  const [asks, setAsks] = useState<'approve' | 'discard' | null>(null);
  const amount = euros(batch.sumMinor);
  const count = payoutsCounted(batch.payouts.length);
  const path = `${BATCHES}/${batch.batchId}`;
  const close = (): void => {
    setAsks(null);
  };
  const then = (verb: string, body: object) => async () => {
    await change(`${path}/${verb}`, body);
    onChanged();
  };
  return (
    <>
      <button
        type="button"
        class="primary"
        onClick={() => {
          setAsks('approve');
        }}
      >
        {w.approve.replace('{amount}', amount)}
      </button>
      <button
        type="button"
        class="quiet"
        onClick={() => {
          setAsks('discard');
        }}
      >
        {w.discard}
      </button>
      {!batch.mayApprove && <p class="person">{mayNot(batch)}</p>}
      {asks === 'approve' && (
        <Confirm
          title={w.approveTitle.replace('{amount}', amount)}
          consequence={w.approveSure
            .replace('{amount}', amount)
            .replace('{count}', count)
            .replace('{day}', dayText(batch.executionDate))}
          action={w.confirmApprove.replace('{amount}', amount).replace('{count}', count)}
          onConfirm={then('approve', { fileSha256: batch.fileSha256 })}
          onClose={close}
        />
      )}
      {asks === 'discard' && (
        <Confirm
          title={w.discardTitle}
          consequence={w.discardSure.replace('{amount}', amount)}
          action={w.discard}
          onConfirm={then('discard', {})}
          onClose={close}
        />
      )}
    </>
  );
}
