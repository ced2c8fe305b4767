import { money } from '@stuiver/host';
import { useState } from 'preact/hooks';
import { Link } from '../parts/link.js';
import { Loading } from '../parts/loading.js';
import { TopUp } from '../parts/top-up.js';
import { useLoaded } from '../parts/use-loaded.js';
import { useTitle } from '../parts/use-title.js';
import { api, language, session, words } from '../state.js';

interface Balance {
  readonly currency: string;
  readonly available_minor: string;
}

interface Programs {
  readonly items: readonly {
    readonly appid: string;
    readonly name: string;
    readonly description: string;
    readonly link: string;
  }[];
}

/** Wallet and mini-programs. */
export function Home() {
  const w = words.value;
  useTitle(w.home);
  const user = session.value?.user;
  return (
    <>
      {session.value?.offers.balance === false ? <h1>{w.home}</h1> : <BalanceCard />}
      {user?.guest === true && (
        <p>
          {w.guestHint} <Link to="/settings">{w.keep}</Link>
        </p>
      )}
      <ProgramList />
    </>
  );
}

function BalanceCard() {
  const w = words.value;
  const user = session.value?.user;
  const [version, setVersion] = useState(0);
  const loaded = useLoaded(
    async () => (user === undefined ? undefined : ((await api.get('/wallet/balance')) as Balance)),
    [user?.user_id, version],
  );
  const balance = loaded.state === 'there' ? loaded.value : undefined;
  return (
    <section class="card balance" aria-labelledby="balance">
      <h1 id="balance">{w.balance}</h1>
      <p class="amount">
        {balance === undefined
          ? '—'
          : money(balance.available_minor, balance.currency, language.value)}
      </p>
      <p class="soft">{user === undefined ? ' ' : (user.name ?? w.guest)}</p>
      {loaded.state === 'failed' && <p role="alert">{w.offline}</p>}
      <TopUp
        onDone={() => {
          setVersion(version + 1);
        }}
      />
    </section>
  );
}

function ProgramList() {
  const w = words.value;
  const programs = useLoaded(() => api.get('/wallet/mini-programs') as Promise<Programs>, []);
  return (
    <section aria-labelledby="programs">
      <h2 id="programs">{w.programs}</h2>
      {programs.state === 'loading' && <Loading />}
      {programs.state === 'failed' && <p role="alert">{w.offline}</p>}
      {programs.state === 'there' && programs.value.items.length === 0 && <p>{w.programsEmpty}</p>}
      <ul class="list">
        {programs.state === 'there' &&
          programs.value.items.map(({ appid, name, description, link }) => (
            <li key={appid}>
              <Link to={link} class="row">
                <span class="sign" aria-hidden="true">
                  {name.slice(0, 1)}
                </span>
                <span class="text">
                  <strong>{name}</strong>
                  <span class="soft">{description}</span>
                </span>
                <span aria-hidden="true">→</span>
              </Link>
            </li>
          ))}
      </ul>
    </section>
  );
}
