import { useEffect, useState } from 'preact/hooks';
import { paySheet } from '../parts/sheet.js';
import { api, session, words } from '../state.js';

/** A native order's link or QR code: the sheet at once, and what became of it. */
export function PayLink({ code }: { code: string }) {
  const w = words.value;
  const [outcome, setOutcome] = useState('');
  const signedIn = session.value !== undefined;
  async function pay(): Promise<void> {
    setOutcome(await paySheet().pay(() => api.openByCode(code)));
  }
  useEffect(() => {
    if (signedIn) void pay();
  }, [signedIn, code]);
  return (
    <section class="card">
      <h1>
        <span role="status">{wordsFor(outcome)}</span>
      </h1>
      {outcome !== '' && outcome !== 'requestPayment:ok' && (
        <button
          type="button"
          class="primary"
          onClick={() => {
            void pay();
          }}
        >
          {w.payAgain}
        </button>
      )}
    </section>
  );
}

function wordsFor(outcome: string): string {
  const w = words.value;
  if (outcome === '') return w.loading;
  if (outcome === 'requestPayment:ok') return w.linkPaid;
  if (outcome === 'requestPayment:fail pending') return w.linkPending;
  const reason = outcome.replace('requestPayment:fail ', '');
  return reason === 'cancel' ? w.linkNotPaid : w.wrong.replace('{reason}', reason);
}
