import { useEffect } from 'preact/hooks';
import { Link } from '../parts/link.js';
import { useTitle } from '../parts/use-title.js';
import { chooseLanguage, chooseTheme, language, theme, words } from '../state.js';
import { change, loadMe, me } from './api.js';
import { AuditTrail } from './audit.js';
import { BankLines, Statements, StatementPage } from './bank.js';
import { BankLinePage } from './bank-line.js';
import { BatchPage } from './batch.js';
import { Batches } from './batches.js';
import { FinanceTodayPage } from './finance-today.js';
import { KeysHelp, useKeys } from './keys.js';
import { MerchantToday } from './merchant-today.js';
import { OpenItems } from './open-items.js';
import { OrderPage } from './order.js';
import { Orders } from './orders.js';
import { Payouts } from './payouts.js';
import { PspAccountPage } from './psp-account.js';
import { SettlementPage, Settlements } from './settlements.js';
import { TieOutPage } from './tie-out.js';
import { cw } from './words.js';

/** A cookie is believed for a quarter of an hour. */
const RENEW_MS = 5 * 60_000;

/** The consoles of merchants and of finance, behind staff sign-in. */
export function Console({ pathname }: { pathname: string }) {
  useKeys();
  useEffect(() => {
    void loadMe();
    const timer = setInterval(() => void loadMe(), RENEW_MS);
    return () => {
      clearInterval(timer);
    };
  }, []);
  if (me.value === undefined) return <main class="late">{cw.value.loading}</main>;
  if (me.value === null) return <SignIn pathname={pathname} />;
  return (
    <div class="console">
      <a class="skip" href="#main">
        {cw.value.toMain}
      </a>
      <Side />
      <main class="wide" id="main">
        <Page pathname={pathname} />
      </main>
    </div>
  );
}

function SignIn({ pathname }: { pathname: string }) {
  useTitle(cw.value.signIn);
  return (
    <main>
      <h1>{cw.value.signIn}</h1>
      <p>{cw.value.signInHint}</p>
      <p>
        <a class="button" href={`/staff/sign-in?return_to=${encodeURIComponent(pathname)}`}>
          {cw.value.signIn}
        </a>
      </p>
    </main>
  );
}

function Side() {
  const w = cw.value;
  const who = me.value;
  const other = language.value === 'nl' ? 'en' : 'nl';
  const seesMoney = who?.roles.some((role) => role !== 'merchant') === true;
  return (
    <header class="side">
      <nav aria-label={w.menu}>
        {seesMoney && (
          <>
            <Link to="/finance">{w.today}</Link>
            {!who.pspPaysMerchants && (
              <Link section to="/finance/payouts">
                {w.payouts}
              </Link>
            )}
            <Link section to="/finance/bank">
              {w.bank}
            </Link>
            <Link section to="/finance/open">
              {w.openItems}
            </Link>
            <Link section to="/finance/tie-out">
              {w.tieOut}
            </Link>
            <Link section to="/finance/audit">
              {w.auditTrail}
            </Link>
          </>
        )}
        {who?.merchants.map((merchant) => (
          <MerchantLinks key={merchant.mchid} {...merchant} pspPays={who.pspPaysMerchants} />
        ))}
      </nav>
      <p class="who">
        {who?.name}
        <button
          type="button"
          class="quiet"
          lang={other}
          onClick={() => {
            chooseLanguage(other);
          }}
        >
          {words.value.language}
        </button>
        <ThemeSwitch />
        <KeysHelp />
        <button type="button" class="quiet" onClick={() => void signOut()}>
          {w.signOut}
        </button>
      </p>
    </header>
  );
}

function MerchantLinks(props: { mchid: string; name: string; pspPays: boolean }) {
  const { mchid, name, pspPays } = props;
  const w = cw.value;
  return (
    <span class="group" title={name}>
      <Link to={`/merchant/${mchid}`}>{w.today}</Link>
      <Link section to={`/merchant/${mchid}/orders`}>
        {w.orders}
      </Link>
      <Link section to={`/merchant/${mchid}/settlements`}>
        {w.settlements}
      </Link>
      {pspPays && <Link to={`/merchant/${mchid}/psp-account`}>{w.beingPaid}</Link>}
    </span>
  );
}

/** The other ground; the system's own until somebody chooses. */
function ThemeSwitch() {
  const isDark =
    theme.value === 'dark' ||
    (theme.value === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
  return (
    <button
      type="button"
      class="quiet"
      onClick={() => {
        chooseTheme(isDark ? 'light' : 'dark');
      }}
    >
      {isDark ? cw.value.light : cw.value.dark}
    </button>
  );
}

async function signOut(): Promise<void> {
  await change('/staff/sign-out', {}).catch(() => undefined);
  await loadMe();
}

const PAGES: readonly (readonly [RegExp, (ids: readonly string[]) => preact.JSX.Element])[] = [
  [/^\/finance$/, () => <FinanceTodayPage />],
  [/^\/finance\/payouts$/, () => <Batches />],
  [/^\/finance\/payouts\/all$/, () => <Payouts />],
  [/^\/finance\/payouts\/(\w+)$/, ([id = '']) => <BatchPage key={id} id={id} />],
  [/^\/finance\/bank$/, () => <Statements />],
  [/^\/finance\/bank\/(\w+)$/, ([id = '']) => <StatementPage key={id} id={id} />],
  [/^\/finance\/lines$/, () => <BankLines />],
  [/^\/finance\/lines\/(\w+)$/, ([id = '']) => <BankLinePage key={id} id={id} />],
  [/^\/finance\/open$/, () => <OpenItems />],
  [/^\/finance\/tie-out$/, () => <TieOutPage />],
  [/^\/finance\/audit$/, () => <AuditTrail />],
  [/^\/merchant\/(\d+)$/, ([mchid = '']) => <MerchantToday mchid={mchid} />],
  [/^\/merchant\/(\d+)\/orders$/, ([mchid = '']) => <Orders mchid={mchid} />],
  [
    /^\/merchant\/(\d+)\/orders\/(\w+)$/,
    ([mchid = '', id = '']) => <OrderPage key={id} mchid={mchid} id={id} />,
  ],
  [/^\/merchant\/(\d+)\/psp-account$/, ([mchid = '']) => <PspAccountPage mchid={mchid} />],
  [/^\/merchant\/(\d+)\/settlements$/, ([mchid = '']) => <Settlements mchid={mchid} />],
  [
    /^\/merchant\/(\d+)\/settlements\/(\w+)$/,
    ([mchid = '', id = '']) => <SettlementPage key={id} mchid={mchid} id={id} />,
  ],
];

function Page({ pathname }: { pathname: string }) {
  if (pathname === '/merchant') return <FirstMerchant />;
  for (const [pattern, page] of PAGES) {
    const found = pattern.exec(pathname);
    if (found !== null) return page(found.slice(1));
  }
  return <h1>{words.value.notThere}</h1>;
}

function FirstMerchant() {
  const mchid = me.value?.merchants[0]?.mchid;
  return mchid === undefined ? <h1>{cw.value.notYours}</h1> : <MerchantToday mchid={mchid} />;
}
