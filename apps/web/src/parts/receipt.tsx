import { useState } from 'preact/hooks';
import { api, words } from '../state.js';
import { saveReceipt } from './save-file.js';

/** A file that proves the payment to anybody. @param of  what was paid, for who hears the page. */
export function ReceiptButton({ orderId, of }: { orderId: string; of: string }) {
  const w = words.value;
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle');
  const fetchIt = async (): Promise<void> => {
    setState('busy');
    try {
      saveReceipt(orderId, await api.get(`/wallet/payments/${orderId}/receipt`));
      setState('idle');
    } catch {
      setState('failed');
    }
  };
  return (
    <>
      <button
        type="button"
        class="quiet receipt"
        disabled={state === 'busy'}
        aria-label={w.receiptOf.replace('{payment}', of)}
        onClick={() => void fetchIt()}
      >
        {w.receipt}
      </button>
      <span role="alert">{state === 'failed' && w.receiptFailed}</span>
    </>
  );
}
