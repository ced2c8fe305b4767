import { money } from '@stuiver/host';
import { useState } from 'preact/hooks';
import { api, language, words } from '../state.js';

interface ShownTopUp {
  readonly top_up_id: string;
  readonly state: string;
  readonly redirect_url: string | null;
}

const AMOUNTS_MINOR = ['1000', '2500', '5000', '10000'];
const LOOK_AGAIN_MS = 1_000;
const LOOKS_MAX = 900;

/** Money into the wallet, by bank: choose an amount, approve it there. */
export function TopUp({ onDone }: { onDone: () => void }) {
  const w = words.value;
  const [chosen, setChosen] = useState(AMOUNTS_MINOR[1] ?? '');
  const [message, setMessage] = useState('');
  const [bankUrl, setBankUrl] = useState<string | undefined>();

  async function start(): Promise<void> {
    const bank = window.open('about:blank', '_blank');
    if (bank !== null) bank.opener = null;
    setMessage(w.topUpOpen);
    try {
      const begun = (await api.post('/wallet/top-ups', {
        amount_minor: chosen,
        method: 'ideal',
      })) as ShownTopUp;
      if (begun.redirect_url !== null) {
        setBankUrl(begun.redirect_url);
        if (bank !== null) bank.location.href = begun.redirect_url;
      }
      const ended = await untilEnded(begun.top_up_id);
      bank?.close();
      setMessage(ended === 'succeeded' ? w.topUpDone : w.topUpFailed);
      onDone();
    } catch {
      bank?.close();
      setMessage(w.offline);
    }
    setBankUrl(undefined);
  }

  return (
    <form
      class="top-up"
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <Amounts chosen={chosen} onChoose={setChosen} />
      <button class="primary">{w.topUpGo}</button>
      <p role="status">{message}</p>
      {bankUrl !== undefined && (
        <a href={bankUrl} target="_blank" rel="noreferrer">
          {w.openBank}
        </a>
      )}
    </form>
  );
}

function Amounts({ chosen, onChoose }: { chosen: string; onChoose: (minor: string) => void }) {
  const w = words.value;
  return (
    <fieldset>
      <legend>{w.topUp}</legend>
      <div class="choices" role="group" aria-label={w.topUpAmount}>
        {AMOUNTS_MINOR.map((minor) => (
          <label key={minor} class="choice">
            <input
              type="radio"
              name="amount"
              value={minor}
              checked={minor === chosen}
              onChange={() => {
                onChoose(minor);
              }}
            />
            {money(minor, 'EUR', language.value)}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

async function untilEnded(id: string): Promise<string> {
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    const { state } = (await api.get(`/wallet/top-ups/${id}`)) as ShownTopUp;
    if (state === 'succeeded' || state === 'failed') return state;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
  return 'unknown';
}
