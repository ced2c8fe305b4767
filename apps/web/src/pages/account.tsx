import { CheckoutProblem } from '@stuiver/host';
import { useState } from 'preact/hooks';
import { KeepAccount } from '../parts/keep-account.js';
import { Loading } from '../parts/loading.js';
import { textOf } from '../parts/text-of.js';
import { useTitle } from '../parts/use-title.js';
import {
  api,
  chooseTheme,
  ensureSession,
  type Session,
  session,
  theme,
  THEMES,
  words,
} from '../state.js';

/** Who you are here: keep a guest's account, come back with a recovery code, or (in the sandbox) be a demo payer. */
export function Account() {
  const w = words.value;
  useTitle(w.account);
  const current = session.value;
  const [problem, setProblem] = useState('');
  if (current === undefined) return <Loading />;
  const attempt = (work: () => Promise<unknown>): void => {
    setProblem('');
    work().then(ensureSession, (error: unknown) => {
      const reason = error instanceof CheckoutProblem ? error.message : undefined;
      setProblem(reason === undefined ? w.offline : w.wrong.replace('{reason}', reason));
    });
  };
  return (
    <>
      <h1>{current.user.name ?? w.guest}</h1>
      <p role="alert" class="problem">
        {problem}
      </p>
      {current.user.guest ? (
        <KeepAccount key={current.user.user_id} />
      ) : (
        <button
          type="button"
          onClick={() => {
            attempt(() => api.delete('/wallet/session'));
          }}
        >
          {w.signOut}
        </button>
      )}
      <Theme />
      <DemoPayers session={current} attempt={attempt} />
      <Recovery
        onSubmit={(code) => {
          attempt(() => api.post('/wallet/session', { recovery_code: code }));
        }}
      />
      <Forget userId={current.user.user_id} />
    </>
  );
}

function Theme() {
  const w = words.value;
  const names = { auto: w.themeAuto, light: w.themeLight, dark: w.themeDark };
  return (
    <section aria-labelledby="theme">
      <h2 id="theme">{w.theme}</h2>
      <div class="choices" role="radiogroup" aria-labelledby="theme">
        {THEMES.map((one) => (
          <label key={one} class="choice">
            <input
              type="radio"
              name="theme"
              checked={theme.value === one}
              onChange={() => {
                chooseTheme(one);
              }}
            />
            {names[one]}
          </label>
        ))}
      </div>
    </section>
  );
}

function DemoPayers(props: { session: Session; attempt: (work: () => Promise<unknown>) => void }) {
  const w = words.value;
  const payers = props.session.demo_payers;
  if (payers === undefined) return null;
  return (
    <section aria-labelledby="demo">
      <h2 id="demo">{w.demo}</h2>
      <p class="soft">{w.demoHint}</p>
      <div class="buttons">
        {payers.map(({ name, user_id: userId }) => (
          <button
            key={userId}
            type="button"
            onClick={() => {
              props.attempt(() => api.post('/wallet/session', { demo_user_id: userId }));
            }}
          >
            {name}
          </button>
        ))}
      </div>
    </section>
  );
}

function Recovery({ onSubmit }: { onSubmit: (code: string) => void }) {
  const w = words.value;
  return (
    <details class="plain">
      <summary>{w.recover}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit(textOf(new FormData(event.currentTarget), 'code'));
        }}
      >
        <label class="field">
          {w.recoverCode}
          <input name="code" autocomplete="off" required minLength={10} maxLength={60} />
        </label>
        <button>{w.recoverGo}</button>
      </form>
    </details>
  );
}

/** Who asks to be forgotten must be able to say who they are here. */
function Forget({ userId }: { userId: string }) {
  const w = words.value;
  return (
    <details class="plain">
      <summary>{w.forget}</summary>
      <p>{w.forgetHow}</p>
      <p>
        <code>{userId}</code>
      </p>
    </details>
  );
}
