import { CheckoutProblem } from '@stuiver/host';
import { useState } from 'preact/hooks';
import { api, ensureSession, session, words } from '../state.js';

/** Who you are here: keep a guest's account, come back with a recovery code, or (in the sandbox) be a demo payer. */
export function Account() {
  const w = words.value;
  const current = session.value;
  const [problem, setProblem] = useState('');
  if (current === undefined) return <p>{w.loading}</p>;
  const attempt = (work: () => Promise<unknown>): void => {
    setProblem('');
    work()
      .then(ensureSession)
      .catch((error: unknown) => {
        const reason = error instanceof CheckoutProblem ? error.message : w.offline;
        setProblem(w.wrong.replace('{reason}', reason));
      });
  };
  return (
    <>
      <h1>{current.user.name ?? w.guest}</h1>
      <p role="alert">{problem}</p>
      {current.user.guest ? (
        <KeepAccount />
      ) : (
        <button
          type="button"
          class="secondary"
          onClick={() => {
            attempt(signOut);
          }}
        >
          {w.signOut}
        </button>
      )}
      <RecoveryForm
        onSubmit={(code) => {
          attempt(() => api.post('/wallet/session', { recovery_code: code }));
        }}
      />
      {current.demo_payers !== undefined && (
        <section aria-labelledby="demo">
          <h2 id="demo">{w.demo}</h2>
          <p class="soft">{w.demoHint}</p>
          {current.demo_payers.map(({ name, user_id: userId }) => (
            <button
              key={userId}
              type="button"
              class="secondary"
              onClick={() => {
                attempt(() => api.post('/wallet/session', { demo_user_id: userId }));
              }}
            >
              {name}
            </button>
          ))}
        </section>
      )}
    </>
  );
}

async function signOut(): Promise<void> {
  await fetch('/wallet/session', { method: 'DELETE', credentials: 'same-origin' });
}

/** Name and PIN, once; the recovery code is shown once too. */
function KeepAccount() {
  const w = words.value;
  const [code, setCode] = useState('');
  const [problem, setProblem] = useState('');
  async function keep(form: HTMLFormElement): Promise<void> {
    const fields = new FormData(form);
    try {
      const body = { name: textOf(fields, 'name'), pin: textOf(fields, 'pin') };
      const kept = (await api.post('/wallet/keep', body)) as { recovery_code: string };
      setCode(kept.recovery_code);
    } catch (error) {
      const reason = error instanceof CheckoutProblem ? error.message : w.offline;
      setProblem(w.wrong.replace('{reason}', reason));
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
      <label>
        {w.keepName}
        <input name="name" autocomplete="name" required maxLength={70} />
      </label>
      <label>
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
      <button class="primary">{w.keepGo}</button>
      <p role="alert">{problem}</p>
    </form>
  );
}

/** Shown once: whoever has this code has the account. */
function KeptAccount({ code }: { code: string }) {
  const w = words.value;
  return (
    <section class="card" role="status">
      <p>{w.keepDone}</p>
      <p>{w.recovery}</p>
      <p>
        <code>{code}</code>
      </p>
      <button
        type="button"
        class="primary"
        onClick={() => {
          void ensureSession();
        }}
      >
        {w.back}
      </button>
    </section>
  );
}

function RecoveryForm({ onSubmit }: { onSubmit: (code: string) => void }) {
  const w = words.value;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(textOf(new FormData(event.currentTarget), 'code'));
      }}
    >
      <label>
        {w.recoverCode}
        <input name="code" autocomplete="off" required minLength={10} maxLength={60} />
      </label>
      <button class="secondary">{w.recoverGo}</button>
    </form>
  );
}

function textOf(fields: FormData, name: string): string {
  const value = fields.get(name);
  return typeof value === 'string' ? value.trim() : '';
}
