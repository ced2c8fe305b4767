import type { MerchantPayee, PayeeChangeSummary } from '@stuiver/console-api';
import { useState } from 'preact/hooks';
import { change as post } from './api.js';
import { Confirm } from './confirm.js';
import { amsterdamText, Shown } from './parts.js';
import { AskAccount } from './to-approve.js';
import { useAsked } from './use-asked.js';
import { cw } from './words.js';

/** Where a merchant is paid; another account that was asked for, and from when it counts. */
export function MerchantPayeePart({ mchid }: { mchid: string }) {
  const w = cw.value;
  const path = `/console/merchants/${mchid}/payee`;
  const asked = useAsked<MerchantPayee>(path);
  // What is above it has a skeleton already.
  if (asked.loaded.state === 'loading') return null;
  return (
    <>
      <h2>{w.yourAccount}</h2>
      <Shown asked={asked}>
        {({ change }) => (
          <>
            {change === null ? (
              <AskAccount
                consequence={w.askAccountSure}
                onAsk={async (details) => {
                  await post(`${path}/changes`, details);
                  asked.again();
                }}
              />
            ) : (
              <Pending change={change} path={path} onChanged={asked.again} />
            )}
          </>
        )}
      </Shown>
    </>
  );
}

function Pending(props: { change: PayeeChangeSummary; path: string; onChanged: () => void }) {
  const w = cw.value;
  const { change, path, onChanged } = props;
  const [open, setOpen] = useState(false);
  const text =
    change.useFrom === null
      ? w.accountAsked.replace('{name}', change.askedBy)
      : w.accountUsedFrom.replace('{time}', amsterdamText(change.useFrom));
  return (
    <>
      <p class="person">
        <span aria-hidden="true">● </span>
        {text.replace('{last4}', change.ibanLast4)} {w.nobodyIsPaid}
      </p>
      <p>
        <button
          type="button"
          onClick={() => {
            setOpen(true);
          }}
        >
          {w.withdrawAccount}
        </button>
      </p>
      {open && (
        <Confirm
          title={w.withdrawAccount}
          consequence={w.endAccountSure}
          action={w.withdrawAccount}
          onConfirm={async () => {
            await post(`${path}/changes/${change.payeeChangeId}/withdraw`, {});
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
