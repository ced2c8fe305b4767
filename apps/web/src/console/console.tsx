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
import { FeeInvoicesPage } from './fee-invoices.js';
import { CounterCodes } from './counter-codes.js';
import { CounterSign } from './counter-sign.js';
import { FinanceTodayPage } from './finance-today.js';
import { ItemPage } from './item.js';
import { KeysHelp, useKeys } from './keys.js';
import { MerchantPricesPage } from './merchant-prices.js';
import { MerchantToday } from './merchant-today.js';
import { OpenItems } from './open-items.js';
import { OrderPage } from './order.js';
import { MonthPage } from './month.js';
import { mw } from './month-words.js';
import { Months } from './months.js';
import { Notifications } from './notifications.js';
import { nw } from './notification-words.js';
import { Orders } from './orders.js';
import { PayeeChangePage } from './payee-change.js';
import { Payouts } from './payouts.js';
import { pw } from './price-words.js';
import { PriceListPage, PricesPage } from './prices.js';
import { PspAccountPage } from './psp-account.js';
import { RiskPage } from './risk.js';
import { rw } from './risk-words.js';
import { SettlementPage, Settlements } from './settlements.js';
import { SupportPage } from './support.js';
import { sw } from './support-words.js';
import { TieOutPage } from './tie-out.js';
import { TillPage } from './till.js';
import { ToApprove } from './to-approve.js';
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
  const seesMoney = who?.roles.some((role) => role === 'finance' || role === 'operator') === true;
  return (
    <header class="side">
      <nav aria-label={w.menu}>
        {seesMoney && (
          <>
            <Link to="/finance">{w.today}</Link>
            {!who.pspPaysMerchants && (
              <>
                <Link to="/finance/approve">{w.toApprove}</Link>
                <Link section to="/finance/payouts">
                  {w.payouts}
                </Link>
              </>
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
            <RulesLinks />
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

function RulesLinks() {
  const p = pw.value;
  return (
    <>
      <Link section to="/finance/support">
        {sw.value.support}
      </Link>
      <Link section to="/finance/months">
        {mw.value.monthClose}
      </Link>
      <Link section to="/finance/risk">
        {rw.value.risk}
      </Link>
      <Link section to="/finance/prices">
        {p.prices}
      </Link>
      <Link section to="/finance/fee-invoices">
        {p.invoices}
      </Link>
      <Link section to="/finance/audit">
        {cw.value.auditTrail}
      </Link>
    </>
  );
}

function MerchantLinks(props: { mchid: string; name: string; pspPays: boolean }) {
  const { mchid, name, pspPays } = props;
  const w = cw.value;
  if (!isMerchant()) {
    return <Link to={`/merchant/${mchid}/till`}>{w.till}</Link>;
  }
  return (
    <span class="group" title={name}>
      <Link to={`/merchant/${mchid}`}>{w.today}</Link>
      <Link to={`/merchant/${mchid}/till`}>{w.till}</Link>
      <Link section to={`/merchant/${mchid}/codes`}>
        {w.codes}
      </Link>
      <Link to={`/merchant/${mchid}/links`}>{w.links}</Link>
      <Link section to={`/merchant/${mchid}/orders`}>
        {w.orders}
      </Link>
      <Link section to={`/merchant/${mchid}/settlements`}>
        {w.settlements}
      </Link>
      <Link to={`/merchant/${mchid}/notifications`}>{nw.value.notifications}</Link>
      <Link to={`/merchant/${mchid}/prices`}>{pw.value.yourPrices}</Link>
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
  [/^\/finance\/approve$/, () => <ToApprove />],
  [/^\/finance\/payees\/(\w+)$/, ([id = '']) => <PayeeChangePage key={id} id={id} />],
  [/^\/finance\/payouts$/, () => <Batches />],
  [/^\/finance\/payouts\/all$/, () => <Payouts />],
  [/^\/finance\/payouts\/(\w+)$/, ([id = '']) => <BatchPage key={id} id={id} />],
  [/^\/finance\/bank$/, () => <Statements />],
  [/^\/finance\/bank\/(\w+)$/, ([id = '']) => <StatementPage key={id} id={id} />],
  [/^\/finance\/lines$/, () => <BankLines />],
  [/^\/finance\/lines\/(\w+)$/, ([id = '']) => <BankLinePage key={id} id={id} />],
  [/^\/finance\/open$/, () => <OpenItems />],
  [/^\/finance\/open\/(\w+)$/, ([id = '']) => <ItemPage key={id} id={id} />],
  [/^\/finance\/risk$/, () => <RiskPage />],
  [/^\/finance\/tie-out$/, () => <TieOutPage />],
  [/^\/finance\/months$/, () => <Months />],
  [/^\/finance\/months\/(\d{4}-\d\d)$/, ([month = '']) => <MonthPage key={month} month={month} />],
  [/^\/finance\/support$/, () => <SupportPage />],
  [/^\/finance\/audit$/, () => <AuditTrail />],
  [/^\/finance\/fee-invoices$/, () => <FeeInvoicesPage />],
  [/^\/finance\/prices$/, () => <PricesPage />],
  [/^\/finance\/prices\/(\w+)$/, ([list = '']) => <PriceListPage key={list} list={list} />],
  [/^\/merchant\/(\d+)\/prices$/, ([mchid = '']) => <MerchantPricesPage mchid={mchid} />],
  [/^\/merchant\/(\d+)$/, ([mchid = '']) => <MerchantToday mchid={mchid} />],
  [/^\/merchant\/(\d+)\/till$/, ([mchid = '']) => <TillPage key={mchid} mchid={mchid} />],
  [
    /^\/merchant\/(\d+)\/codes$/,
    ([mchid = '']) => <CounterCodes key="static" mchid={mchid} kind="static" />,
  ],
  [
    /^\/merchant\/(\d+)\/links$/,
    ([mchid = '']) => <CounterCodes key="link" mchid={mchid} kind="link" />,
  ],
  [
    /^\/merchant\/(\d+)\/codes\/(\w+)$/,
    ([mchid = '', id = '']) => <CounterSign key={id} mchid={mchid} id={id} />,
  ],
  [/^\/merchant\/(\d+)\/orders$/, ([mchid = '']) => <Orders mchid={mchid} />],
  [
    /^\/merchant\/(\d+)\/orders\/(\w+)$/,
    ([mchid = '', id = '']) => <OrderPage key={id} mchid={mchid} id={id} />,
  ],
  [/^\/merchant\/(\d+)\/notifications$/, ([mchid = '']) => <Notifications mchid={mchid} />],
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

/** Whoever is a cashier only uses the till. */
function isMerchant(): boolean {
  return me.value?.roles.some((role) => role !== 'cashier') === true;
}

function FirstMerchant() {
  const mchid = me.value?.merchants[0]?.mchid;
  if (mchid === undefined) return <h1>{cw.value.notYours}</h1>;
  return isMerchant() ? <MerchantToday mchid={mchid} /> : <TillPage mchid={mchid} />;
}
