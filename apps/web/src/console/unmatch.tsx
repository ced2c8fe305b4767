import type { BankLine } from '@stuiver/console-api';
import { useState } from 'preact/hooks';
import { change } from './api.js';
import { codeWord } from './code-words.js';
import { Confirm, Field } from './confirm.js';
import { iw } from './item-words.js';
import { Chip, euros, When } from './parts.js';

/** Takes back what the line was said to be, after a question. */
export function Unmatch({ line, onUndone }: { line: BankLine; onUndone: () => void }) {
  const i = iw.value;
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const amount = euros(line.amountMinor);
  return (
    <p>
      <button
        type="button"
        onClick={() => {
          setOpen(true);
        }}
      >
        {i.unmatch}
      </button>
      {open && (
        <Confirm
          title={i.unmatchTitle.replace('{amount}', amount)}
          consequence={i.unmatchSure}
          action={i.unmatchDo.replace('{amount}', amount)}
          onConfirm={async () => {
            const path = `/console/finance/bank-lines/${line.bankLineId}/unmatch`;
            await change(path, { reason: reason.trim() });
            onUndone();
          }}
          onClose={() => {
            setOpen(false);
          }}
        >
          <Field label={i.unmatchWhy} value={reason} onInput={setReason} />
        </Confirm>
      )}
    </p>
  );
}

/** What people took back stays to be seen. */
export function PastMatches({ line }: { line: BankLine }) {
  const i = iw.value;
  if (line.pastMatches.length === 0) return null;
  return (
    <>
      <h2>{i.pastMatches}</h2>
      <ol class="plain">
        {line.pastMatches.map((past) => (
          <li key={past.unmatchedAt}>
            <p>
              {codeWord('rule', past.rule)} <Chip id={past.pspPayoutId} />
            </p>
            <p>
              {i.unmatchedBy.replace('{by}', past.by)} · <When at={past.unmatchedAt} />:{' '}
              {past.reason}
            </p>
          </li>
        ))}
      </ol>
    </>
  );
}
