import { useEffect } from 'preact/hooks';
import {
  chooseLanguage,
  ensureSession,
  language,
  place,
  session,
  sessionFailed,
  theme,
  words,
} from './state.js';
import { Console } from './console/console.js';
import { Link } from './parts/link.js';
import { Account } from './pages/account.js';
import { CounterCode } from './pages/counter-code.js';
import { History } from './pages/history.js';
import { Home } from './pages/home.js';
import { PayLink } from './pages/pay-link.js';
import { Program } from './pages/program.js';
import { Returned } from './pages/returned.js';

/** The host app: a wallet around other people's mini-programs. */
export function App() {
  useEffect(() => {
    document.documentElement.lang = language.value;
  }, [language.value]);
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme.value;
  }, [theme.value]);
  const { pathname } = new URL(place.value, location.origin);
  const isConsole = /^\/(finance|merchant)(\/|$)/.test(pathname);
  useEffect(() => {
    // Staff are no payers: a console makes no guest.
    if (!isConsole) void ensureSession();
  }, [isConsole]);
  if (isConsole) return <Console pathname={pathname} />;
  const program = /^\/m\/([0-9a-z]+)$/.exec(pathname)?.[1];
  if (program !== undefined) return <Program key={program} appid={program} />;
  return (
    <>
      <Top />
      {session.value?.sandbox === true && <p class="test">{words.value.test}</p>}
      <main>
        <Problem />
        <Page pathname={pathname} />
      </main>
    </>
  );
}

function Top() {
  const w = words.value;
  const other = language.value === 'nl' ? 'en' : 'nl';
  return (
    <header class="top">
      <Link class="brand" to="/">
        <img src="/icon.svg" alt="" width="32" height="32" />
        Stuiver
      </Link>
      <nav aria-label={w.menu}>
        <Link to="/">{w.home}</Link>
        <Link to="/history">{w.history}</Link>
        <Link to="/settings">{w.account}</Link>
      </nav>
      <button
        type="button"
        class="quiet"
        lang={other}
        onClick={() => {
          chooseLanguage(other);
        }}
      >
        {w.language}
      </button>
    </header>
  );
}

/** Without a session nothing below can work: say so once, and how to go on. */
function Problem() {
  const w = words.value;
  if (!sessionFailed.value) return null;
  return (
    <section class="card" role="alert">
      <p>{w.offline}</p>
      <button type="button" onClick={() => void ensureSession()}>
        {w.retry}
      </button>
    </section>
  );
}

function Page({ pathname }: { pathname: string }) {
  const w = words.value;
  const code = /^\/p\/([\w-]+)$/.exec(pathname)?.[1];
  if (code !== undefined) return <PayLink key={code} code={code} />;
  const counter = /^\/q\/([\w-]+)$/.exec(pathname)?.[1];
  if (counter !== undefined) return <CounterCode key={counter} code={counter} />;
  switch (pathname) {
    case '/':
      return <Home />;
    case '/history':
      return <History />;
    case '/settings':
      return <Account />;
    case '/returned':
      return <Returned />;
    default:
      return <h1>{w.notThere}</h1>;
  }
}
