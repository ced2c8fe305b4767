import type { ShownAttempt } from '@stuiver/host';
import { useEffect } from 'preact/hooks';
import { Link } from '../parts/link.js';
import { useLoaded } from '../parts/use-loaded.js';
import { api, place, words } from '../state.js';

/** Where the bank sends the payer back to: often a window of its own, which closes itself. */
export function Returned() {
  const w = words.value;
  const { searchParams } = new URL(place.value, location.origin);
  const attempt = searchParams.get('attempt');
  const topUp = searchParams.get('top_up');
  const loaded = useLoaded(() => stateOf(attempt, topUp), [attempt, topUp]);
  useEffect(() => {
    // Works in a window that a script opened; elsewhere the words below remain.
    if (loaded.state === 'there' && loaded.value !== 'open') window.close();
  }, [loaded.state]);
  return (
    <section class="card">
      <h1>{w.returned}</h1>
      <p role="status">{wordsFor(loaded.state === 'there' ? loaded.value : 'open')}</p>
      <p>
        <Link to="/">{w.toStart}</Link>
      </p>
    </section>
  );
}

type Result = 'paid' | 'failed' | 'open';

function wordsFor(result: Result): string {
  const w = words.value;
  if (result === 'paid') return w.returnedOk;
  return result === 'failed' ? w.returnedFail : w.returnedWait;
}

async function stateOf(attempt: string | null, topUp: string | null): Promise<Result> {
  if (attempt !== null) {
    const { err_msg: errMsg } = (await api.get(`/checkout/attempts/${attempt}`)) as ShownAttempt;
    if (errMsg === null) return 'open';
    return errMsg === 'requestPayment:ok' ? 'paid' : 'failed';
  }
  const { state } = (await api.get(`/wallet/top-ups/${topUp ?? ''}`)) as { state: string };
  if (state === 'succeeded') return 'paid';
  return state === 'failed' ? 'failed' : 'open';
}
