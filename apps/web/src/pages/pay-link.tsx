import { useEffect, useState } from 'preact/hooks';
import { Link } from '../parts/link.js';
import { paySheet } from '../parts/sheet.js';
import { useTitle } from '../parts/use-title.js';
import { api, session, words } from '../state.js';

/** A native order's link or QR code: the sheet at once, and what became of it. */
export function PayLink({ code }: { code: string }) {
  const w = words.value;
  useTitle(w.link);
  const [outcome, setOutcome] = useState('');
  const user = session.value?.user;
  async function pay(): Promise<void> {
    setOutcome('');
    setOutcome(await paySheet().pay(() => api.openByCode(code)));
  }
  useEffect(() => {
    if (user === undefined) return undefined;
    void pay();
    return () => {
      paySheet().dismiss();
    };
  }, [user?.user_id]);
  const paid = outcome === 'requestPayment:ok';
  return (
    <section class="card">
      <h1>{w.link}</h1>
      <p role="status">{wordsFor(outcome)}</p>
      {paid && user?.guest === true && (
        <p>
          {w.guestHint} <Link to="/settings">{w.keep}</Link>
        </p>
      )}
      {paid && <Link to="/history">{w.history}</Link>}
      {outcome !== '' && !paid && (
        <button type="button" class="primary" onClick={() => void pay()}>
          {w.payAgain}
        </button>
      )}
    </section>
  );
}

/** What became of a payment, in words. */
export function wordsFor(outcome: string): string {
  const w = words.value;
  if (outcome === '') return w.loading;
  if (outcome === 'requestPayment:ok') return w.linkPaid;
  if (outcome === 'requestPayment:fail pending') return w.linkPending;
  if (outcome === 'requestPayment:fail cancel') return w.linkNotPaid;
  if (outcome === 'requestPayment:fail network error') return w.offline;
  return w.wrong.replace('{reason}', outcome.replace('requestPayment:fail ', ''));
}
