import type { PayoutSummary } from '@stuiver/console-api';
import { useState } from 'preact/hooks';
import { change } from './api.js';
import { CODE_WORDS, codeWord } from './code-words.js';
import { Confirm } from './confirm.js';
import { euros } from './parts.js';
import { cw } from './words.js';

interface ActProps {
  readonly payout: PayoutSummary;
  readonly onChanged: () => void;
}

/** The bank answered on paper or by phone that it does not pay. */
export function Reject({ payout, onChanged }: ActProps) {
  const w = cw.value;
  const [open, setOpen] = useState(false);
  const [reasonCode, setReasonCode] = useState('MS03');
  const amount = euros(payout.amountMinor);
  return (
    <p>
      <button
        type="button"
        class="quiet"
        onClick={() => {
          setOpen(true);
        }}
      >
        {w.reject}
      </button>
      {open && (
        <Confirm
          title={w.rejectTitle.replace('{amount}', amount)}
          consequence={w.rejectSure
            .replace('{amount}', amount)
            .replace('{merchant}', payout.merchantId)}
          action={w.rejectDo.replace('{amount}', amount)}
          onConfirm={async () => {
            await change(`/console/finance/payouts/${payout.payoutId}/reject`, { reasonCode });
            onChanged();
          }}
          onClose={() => {
            setOpen(false);
          }}
        >
          <label class="field">
            {w.reason}
            <select
              value={reasonCode}
              onChange={(event) => {
                setReasonCode(event.currentTarget.value);
              }}
            >
              {Object.keys(CODE_WORDS.nl.bankReason).map((code) => (
                <option key={code} value={code}>
                  {code}: {codeWord('bankReason', code)}
                </option>
              ))}
            </select>
          </label>
        </Confirm>
      )}
    </p>
  );
}

/** The account is right although the bank sent money back: the merchant is paid again. */
export function ConfirmPayee({ payout, onChanged }: ActProps) {
  const w = cw.value;
  const [open, setOpen] = useState(false);
  const [done, setDone] = useState(false);
  const { merchantId, ibanLast4 } = payout;
  if (done) return <p class="good">✓ {w.payeeConfirmed}</p>;
  return (
    <p>
      <button
        type="button"
        class="quiet"
        onClick={() => {
          setOpen(true);
        }}
      >
        {w.confirmPayee}
      </button>
      {open && (
        <Confirm
          title={w.confirmPayeeTitle.replace('{merchant}', merchantId)}
          consequence={w.confirmPayeeSure
            .replace('{amount}', euros(payout.amountMinor))
            .replace('{last4}', ibanLast4)}
          action={w.confirmPayeeDo}
          onConfirm={async () => {
            await change(`/console/finance/payees/${merchantId}/confirm`, {});
            setDone(true);
            onChanged();
          }}
          onClose={() => {
            setOpen(false);
          }}
        />
      )}
    </p>
  );
}
