import { CheckoutProblem, type ShownAttempt } from '@stuiver/host';
import { useEffect } from 'preact/hooks';
import { Link } from '../parts/link.js';
import { useLoaded } from '../parts/use-loaded.js';
import { useTitle } from '../parts/use-title.js';
import { api, lastProgram, place, session, words } from '../state.js';

/** Waits this long for a bank that has not made up its mind: 20 looks of 8 s. */
const LOOKS_MAX = 20;
const LOOK_AGAIN_MS = 1_000;

type Result = 'paid' | 'failed' | 'open' | 'elsewhere';

/** Where the bank sends the payer back to: often a window of its own, which closes itself. */
export function Returned() {
  const w = words.value;
  useTitle(w.returned);
  const { searchParams } = new URL(place.value, location.origin);
  const attempt = searchParams.get('attempt');
  const topUp = searchParams.get('top_up');
  const user = session.value?.user.user_id;
  const loaded = useLoaded<Result>(
    async () => (user === undefined ? 'open' : resultOf(attempt, topUp)),
    [attempt, topUp, user],
  );
  const result = loaded.state === 'there' ? loaded.value : 'open';
  useEffect(() => {
    // Works in a window that a script opened; elsewhere the words below remain.
    if (result === 'paid' || result === 'failed') window.close();
  }, [result]);
  const program = attempt === null ? undefined : lastProgram();
  return (
    <section class="card">
      <h1>{w.returned}</h1>
      <p role="status">{wordsFor(result)}</p>
      <p>
        {program === undefined ? (
          <Link to="/">{w.toStart}</Link>
        ) : (
          <Link to={program}>{w.toProgram}</Link>
        )}
      </p>
    </section>
  );
}

function wordsFor(result: Result): string {
  const w = words.value;
  const texts: Readonly<Record<Result, string>> = {
    paid: w.returnedOk,
    failed: w.returnedFail,
    open: w.returnedWait,
    elsewhere: w.returnedElsewhere,
  };
  return texts[result];
}

async function resultOf(attempt: string | null, topUp: string | null): Promise<Result> {
  try {
    return attempt === null ? await topUpResult(topUp ?? '') : await attemptResult(attempt);
  } catch (error) {
    // Phones return to their default browser, where somebody else may be signed in.
    return error instanceof CheckoutProblem ? 'elsewhere' : 'open';
  }
}

async function attemptResult(id: string): Promise<Result> {
  let shown: ShownAttempt = await api.look(id);
  for (let looks = 0; shown.err_msg === null && looks < LOOKS_MAX; looks += 1) {
    shown = await api.look(id, shown.state);
  }
  if (shown.err_msg === null) return 'open';
  return shown.err_msg === 'requestPayment:ok' ? 'paid' : 'failed';
}

async function topUpResult(id: string): Promise<Result> {
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    const { state } = (await api.get(`/wallet/top-ups/${id}`)) as { state: string };
    if (state === 'succeeded') return 'paid';
    if (state === 'failed') return 'failed';
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
  return 'open';
}
