import { CheckoutProblem } from '@stuiver/host';
import { useState } from 'preact/hooks';
import { api, ensureSession, words } from '../state.js';
import { textOf } from './text-of.js';

/** Name and PIN, once; the recovery code is shown once too. */
export function KeepAccount() {
  const w = words.value;
  const [code, setCode] = useState('');
  const [problem, setProblem] = useState('');
  async function keep(form: HTMLFormElement): Promise<void> {
    setProblem('');
    const fields = new FormData(form);
    try {
      const body = { name: textOf(fields, 'name'), pin: textOf(fields, 'pin') };
      const kept = (await api.post('/wallet/keep', body)) as { recovery_code: string };
      setCode(kept.recovery_code);
    } catch (error) {
      const reason = error instanceof CheckoutProblem ? error.message : undefined;
      setProblem(reason === undefined ? w.offline : w.wrong.replace('{reason}', reason));
    }
  }
  if (code !== '') return <KeptAccount code={code} />;
  return (
    <form
      class="card"
      onSubmit={(event) => {
        event.preventDefault();
        void keep(event.currentTarget);
      }}
    >
      <h2>{w.keep}</h2>
      <p class="soft">{w.guestHint}</p>
      <label class="field">
        {w.keepName}
        <input name="name" autocomplete="name" required maxLength={70} />
      </label>
      <label class="field">
        {w.keepPin}
        <input
          name="pin"
          type="password"
          inputMode="numeric"
          autocomplete="new-password"
          pattern="[0-9]{6}"
          maxLength={6}
          required
        />
      </label>
      <p role="alert" class="problem">
        {problem}
      </p>
      <button class="primary">{w.keepGo}</button>
    </form>
  );
}

/** Shown once: whoever has this code has the account. */
function KeptAccount({ code }: { code: string }) {
  const w = words.value;
  return (
    <section class="card">
      <p role="status">{w.keepDone}</p>
      <p>{w.recovery}</p>
      <code>{code}</code>
      <p>
        <button type="button" class="primary" onClick={() => void ensureSession()}>
          {w.done}
        </button>
      </p>
    </section>
  );
}
