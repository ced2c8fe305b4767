import { money } from '@stuiver/host';
import { useState } from 'preact/hooks';
import { Link } from '../parts/link.js';
import { TopUp } from '../parts/top-up.js';
import { useLoaded } from '../parts/use-loaded.js';
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
  const user = session.value?.user;
  const [version, setVersion] = useState(0);
  const balance = useLoaded(
    async () => (user === undefined ? undefined : ((await api.get('/wallet/balance')) as Balance)),
    [user?.user_id, version],
  );
  const programs = useLoaded(() => api.get('/wallet/mini-programs') as Promise<Programs>, []);
  return (
    <>
      <section class="card" aria-labelledby="balance">
        <h1 id="balance">{w.balance}</h1>
        <p class="amount">
          {balance.state === 'there' && balance.value !== undefined
            ? money(balance.value.available_minor, balance.value.currency, language.value)
            : '—'}
        </p>
        <p class="soft">{user === undefined ? w.loading : (user.name ?? w.guest)}</p>
        <TopUp
          onDone={() => {
            setVersion(version + 1);
          }}
        />
      </section>
      <section aria-labelledby="programs">
        <h2 id="programs">{w.programs}</h2>
        {programs.state === 'failed' && <p role="alert">{w.offline}</p>}
        <ul class="list">
          {programs.state === 'there' &&
            programs.value.items.map(({ appid, name, description, link }) => (
              <li key={appid}>
                <Link to={link} class="row">
                  <span>
                    <strong>{name}</strong>
                    <span class="soft">{description}</span>
                  </span>
                  <span aria-hidden="true">→</span>
                </Link>
              </li>
            ))}
        </ul>
      </section>
    </>
  );
}
