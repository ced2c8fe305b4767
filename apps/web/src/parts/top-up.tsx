import { money, openBankWindow } from '@stuiver/host';
import { useState } from 'preact/hooks';
import { api, language, words } from '../state.js';

interface ShownTopUp {
  readonly top_up_id: string;
  readonly state: string;
  readonly redirect_url: string | null;
}

const AMOUNTS_MINOR = ['1000', '2500', '5000', '10000'] as const;
const LOOK_AGAIN_MS = 1_000;
const LOOKS_MAX = 900;

/** Money into the wallet, by bank: choose an amount, approve it there. */
export function TopUp({ onDone }: { onDone: () => void }) {
  const w = words.value;
  const [chosen, setChosen] = useState<string>(AMOUNTS_MINOR[1]);
  const [message, setMessage] = useState('');
  const [bankUrl, setBankUrl] = useState<string | undefined>();
  const [busy, setBusy] = useState(false);
  const amount = money(chosen, 'EUR', language.value);

  async function start(): Promise<void> {
    if (busy) return;
    setBusy(true);
    setMessage(w.topUpOpen);
    setMessage(endWords(await topUp(chosen, setBankUrl)).replace('{amount}', amount));
    setBankUrl(undefined);
    setBusy(false);
    onDone();
  }

  return (
    <details class="plain">
      <summary>{w.topUp}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void start();
        }}
      >
        <Amounts chosen={chosen} onChoose={setChosen} />
        <button class="primary" disabled={busy}>
          {w.topUpGo.replace('{amount}', amount)}
        </button>
      </form>
      <p role="status">{message}</p>
      {bankUrl !== undefined && (
        <a href={bankUrl} target="_blank" rel="noreferrer">
          {w.openBank}
        </a>
      )}
    </details>
  );
}

type End = 'succeeded' | 'failed' | 'unknown' | 'offline';

/** The window opens in the tap itself and is sent to the bank a moment later. */
async function topUp(minor: string, onBank: (url: string) => void): Promise<End> {
  const bank = openBankWindow(words.value.toBank);
  try {
    const body = { amount_minor: minor, method: 'ideal' };
    const begun = (await api.post('/wallet/top-ups', body)) as ShownTopUp;
    if (begun.redirect_url !== null) {
      onBank(begun.redirect_url);
      bank?.go(begun.redirect_url);
    }
    return await untilEnded(begun.top_up_id);
  } catch {
    return 'offline';
  } finally {
    bank?.close();
  }
}

function endWords(end: End): string {
  const w = words.value;
  const texts: Readonly<Record<End, string>> = {
    succeeded: w.topUpDone,
    failed: w.topUpFailed,
    unknown: w.topUpWait,
    offline: w.offline,
  };
  return texts[end];
}

function Amounts({ chosen, onChoose }: { chosen: string; onChoose: (minor: string) => void }) {
  return (
    <fieldset>
      <legend>{words.value.topUpAmount}</legend>
      <div class="choices">
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

/** A lost look is no news; the bank is asked until it says. */
async function untilEnded(id: string): Promise<End> {
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    const shown = await api.get(`/wallet/top-ups/${id}`).catch(() => undefined);
    const state = (shown as ShownTopUp | undefined)?.state;
    if (state === 'succeeded' || state === 'failed') return state;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
  return 'unknown';
}
