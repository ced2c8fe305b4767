import type { OrderDetail } from '@stuiver/console-api';
import { useState } from 'preact/hooks';
import { minorOf } from '../parts/minor-of.js';
import { language } from '../state.js';
import { change } from './api.js';
import { Confirm, Field } from './confirm.js';
import { decimalOf } from './csv.js';
import { euros } from './parts.js';
import { cw } from './words.js';

interface Props {
  readonly mchid: string;
  readonly order: OrderDetail;
  readonly onDone: () => void;
}

/** Gives the payer back what was paid, or a part of it. Not there when nothing is left to give back. */
export function RefundOrder(props: Props) {
  const { order } = props;
  const [isOpen, setOpen] = useState(false);
  const left = BigInt(order.amountMinor) - BigInt(order.refundedMinor);
  if (order.paidAt === null || left <= 0n) return null;
  return (
    <p>
      <button
        type="button"
        onClick={() => {
          setOpen(true);
        }}
      >
        {cw.value.refund}
      </button>
      {isOpen && (
        <Asked
          {...props}
          left={left}
          onClose={() => {
            setOpen(false);
          }}
        />
      )}
    </p>
  );
}

function Asked({
  mchid,
  order,
  onDone,
  left,
  onClose,
}: Props & { left: bigint; onClose: () => void }) {
  const w = cw.value;
  // Pressed again after no answer, it is the same refund.
  const [requestId] = useState(() => crypto.randomUUID());
  const [text, setText] = useState(typed(left));
  const [reason, setReason] = useState('');
  const minor = within(text, left);
  const amount = euros(minor ?? left.toString());
  return (
    <Confirm
      title={w.refundTitle.replace('{number}', order.outTradeNo)}
      consequence={w.refundSure.replace('{left}', euros(left.toString()))}
      action={w.refundDo.replace('{amount}', amount)}
      onConfirm={async () => {
        const path = `/console/merchants/${mchid}/orders/${order.orderId}/refunds`;
        await change(path, { amountMinor: minor, reason: reason.trim(), requestId });
        onDone();
      }}
      onClose={onClose}
    >
      <label class="field">
        {w.amount}
        <input
          type="text"
          required
          inputMode="decimal"
          maxLength={12}
          value={text}
          onInput={({ currentTarget: input }) => {
            const isGood = within(input.value, left) !== null;
            input.setCustomValidity(isGood ? '' : w.refundBad);
            setText(input.value);
          }}
        />
      </label>
      <Field label={w.refundWhy} value={reason} onInput={setReason} maxLength={80} />
    </Confirm>
  );
}

/** Minor units; null when it is no amount, or more than is left. */
function within(text: string, left: bigint): string | null {
  const minor = minorOf(text);
  return minor !== null && BigInt(minor) > 0n && BigInt(minor) <= left ? minor : null;
}

function typed(minor: bigint): string {
  const text = decimalOf(minor.toString());
  return language.value === 'nl' ? text.replace('.', ',') : text;
}
