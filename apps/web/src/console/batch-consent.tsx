import type { BatchDetail } from '@stuiver/console-api';
import { useState } from 'preact/hooks';
import { change } from './api.js';
import { BATCHES } from './batches.js';
import { Confirm } from './confirm.js';
import { euros, When } from './parts.js';
import { cw } from './words.js';

/** Who agreed so far and who is missing; whose account is another one than before. */
export function BatchConsent({ batch, onChanged }: { batch: BatchDetail; onChanged: () => void }) {
  const w = cw.value;
  const { approvals, checkersNeeded, changedPayees, state } = batch;
  const isWaiting = state === 'prepared';
  return (
    <>
      {isWaiting && checkersNeeded > 1 && (
        <p class="person">
          <span aria-hidden="true">● </span>
          {w.needsCheckers
            .replace('{given}', String(approvals.length))
            .replace('{needed}', String(checkersNeeded))}
        </p>
      )}
      {isWaiting && approvals.length > 0 && (
        <ul class="plain">
          {approvals.map(({ name, expiresAt }) => (
            <li key={name}>
              {w.checker}: {name}, {w.to} <When at={expiresAt} />
            </li>
          ))}
        </ul>
      )}
      {changedPayees.map(({ merchantId, ibanLast4, beforeLast4, changedAt }) => (
        <p key={merchantId} class="bad">
          <span aria-hidden="true">! </span>
          {w.accountChanged
            .replace('{merchant}', merchantId)
            .replace('{last4}', ibanLast4)
            .replace('{before}', beforeLast4)}{' '}
          <When at={changedAt} />
        </p>
      ))}
      {isWaiting && batch.prefunding.missingMinor !== '0' && (
        <Prefunding batch={batch} onChanged={onChanged} />
      )}
    </>
  );
}

function Prefunding({ batch, onChanged }: { batch: BatchDetail; onChanged: () => void }) {
  const w = cw.value;
  const [open, setOpen] = useState(false);
  const { missingMinor, approvedBy, mayApprove } = batch.prefunding;
  const amount = euros(missingMinor);
  if (approvedBy !== null) return <p>{w.prefundedBy.replace('{name}', approvedBy)}</p>;
  return (
    <>
      <p class="person">
        <span aria-hidden="true">● </span>
        {w.prefundingNeeded.replace('{amount}', amount)}
      </p>
      {mayApprove && (
        <button
          type="button"
          onClick={() => {
            setOpen(true);
          }}
        >
          {w.prefund}
        </button>
      )}
      {open && (
        <Confirm
          title={w.prefund}
          consequence={w.prefundSure.replace('{amount}', amount)}
          action={w.prefund}
          onConfirm={async () => {
            const { batchId, fileSha256 } = batch;
            await change(`${BATCHES}/${batchId}/prefund`, { fileSha256 });
            onChanged();
          }}
          onClose={() => {
            setOpen(false);
          }}
        />
      )}
    </>
  );
}
