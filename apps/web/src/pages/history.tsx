import { money } from '@stuiver/host';
import { useState } from 'preact/hooks';
import { Loading } from '../parts/loading.js';
import { exactDate, nearDate } from '../parts/near-date.js';
import { ReceiptButton } from '../parts/receipt.js';
import { useLoaded } from '../parts/use-loaded.js';
import { useTitle } from '../parts/use-title.js';
import { api, language, session, words } from '../state.js';

interface Item {
  readonly id: string;
  readonly kind: 'payment' | 'refund' | 'top_up';
  /** Signed: what it did to the payer. */
  readonly amount_minor: string;
  readonly currency: string;
  readonly at: string;
  readonly title: string;
  readonly method: 'wallet' | 'ideal' | 'card';
  readonly state: string;
}

interface HistoryPage {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/** What went out and came back, newest first. */
export function History() {
  const w = words.value;
  useTitle(w.history);
  const user = session.value?.user;
  const first = useLoaded(() => loadPage(user?.user_id), [user?.user_id]);
  const page = first.state === 'there' ? first.value : undefined;
  return (
    <>
      <h1>{w.history}</h1>
      {first.state === 'failed' && <p role="alert">{w.offline}</p>}
      {first.state !== 'failed' && page === undefined && <Loading />}
      {page !== undefined && <Pages key={user?.user_id} first={page} />}
    </>
  );
}

async function loadPage(
  userId: string | undefined,
  before?: string,
): Promise<HistoryPage | undefined> {
  if (userId === undefined) return undefined;
  const query = before === undefined ? '' : `?before=${encodeURIComponent(before)}`;
  return (await api.get(`/wallet/history${query}`)) as HistoryPage;
}

/** The first page and as many more as were asked for. */
function Pages({ first }: { first: HistoryPage }) {
  const w = words.value;
  const [pages, setPages] = useState<readonly HistoryPage[]>([first]);
  const [problem, setProblem] = useState('');
  const items = pages.flatMap((page) => page.items);
  const next = pages.at(-1)?.next ?? null;
  const more = async (before: string): Promise<void> => {
    setProblem('');
    const page = await loadPage(session.value?.user.user_id, before).catch(() => undefined);
    if (page === undefined) setProblem(w.offline);
    else setPages([...pages, page]);
  };
  if (items.length === 0) return <p>{w.empty}</p>;
  return (
    <>
      <ul class="list">
        {items.map((item) => (
          <HistoryRow key={`${item.kind} ${item.id}`} item={item} />
        ))}
      </ul>
      {items.some(({ kind }) => kind === 'payment') && (
        <p class="soft">
          {w.receiptHint} <a href="/verify">{w.receiptCheck}</a>
        </p>
      )}
      <p role="alert">{problem}</p>
      {next !== null && (
        <button type="button" onClick={() => void more(next)}>
          {w.more}
        </button>
      )}
    </>
  );
}

function HistoryRow({ item }: { item: Item }) {
  const w = words.value;
  const at = new Date(item.at);
  const incoming = !item.amount_minor.startsWith('-');
  const note = noteOf(item);
  const arrived = incoming && note === undefined;
  const amount = money(item.amount_minor, item.currency, language.value);
  const facts = [w[item.kind], w[item.method], ...(note === undefined ? [] : [note])];
  return (
    <li class="row">
      <span class={arrived ? 'sign in' : 'sign'} aria-hidden="true">
        {incoming ? '↓' : '↑'}
      </span>
      <span class="text">
        <strong>{item.title === '' ? w[item.kind] : item.title}</strong>
        <span class="soft">
          {facts.join(' · ')} ·{' '}
          <time dateTime={item.at} title={exactDate(at, language.value)}>
            {nearDate(at, new Date(), language.value)}
          </time>
        </span>
        {item.kind === 'payment' && (
          <ReceiptButton orderId={item.id} of={`${item.title}, ${amount}`} />
        )}
      </span>
      <span class={note === undefined ? (arrived ? 'figure in' : 'figure') : 'figure soft'}>
        {arrived ? `+${amount}` : amount}
      </span>
    </li>
  );
}

/** What is to be said of money that has not arrived; undefined when there is nothing to say. */
function noteOf({ kind, state }: Item): string | undefined {
  const w = words.value;
  if (kind === 'payment' || state === 'success' || state === 'succeeded') return undefined;
  const known: Readonly<Record<string, string>> = {
    abnormal: w.abnormal,
    closed: w.closed,
    failed: w.closed,
    cancelled: w.closed,
  };
  return known[state] ?? w.processing;
}
