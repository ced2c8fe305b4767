import { money } from '@stuiver/host';
import { useState } from 'preact/hooks';
import { useLoaded } from '../parts/use-loaded.js';
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
}

interface HistoryPage {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/** What went out and came back, newest first. */
export function History() {
  const w = words.value;
  const user = session.value?.user;
  const first = useLoaded(() => loadPage(user?.user_id), [user?.user_id]);
  if (first.state === 'failed') return <p role="alert">{w.offline}</p>;
  const page = first.state === 'there' ? first.value : undefined;
  return (
    <>
      <h1>{w.history}</h1>
      {page === undefined ? <p>{w.loading}</p> : <Pages key={user?.user_id} first={page} />}
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
  const items = pages.flatMap((page) => page.items);
  const next = pages.at(-1)?.next ?? null;
  const more = async (before: string): Promise<void> => {
    const page = await loadPage(session.value?.user.user_id, before);
    if (page !== undefined) setPages([...pages, page]);
  };
  if (items.length === 0) return <p>{w.empty}</p>;
  return (
    <>
      <ul class="list">
        {items.map((item) => (
          <HistoryRow key={`${item.kind} ${item.id}`} item={item} />
        ))}
      </ul>
      {next !== null && (
        <button
          type="button"
          class="secondary"
          onClick={() => {
            void more(next);
          }}
        >
          {w.more}
        </button>
      )}
    </>
  );
}

function HistoryRow({ item }: { item: Item }) {
  const w = words.value;
  const format = new Intl.DateTimeFormat(language.value, {
    dateStyle: 'medium',
    timeStyle: 'short',
  });
  return (
    <li class="row">
      <span>
        <strong>{item.title === '' ? w[item.kind] : item.title}</strong>
        <span class="soft">
          {w[item.kind]} · {w[item.method]} ·{' '}
          <time dateTime={item.at}>{format.format(new Date(item.at))}</time>
        </span>
      </span>
      <span class="figure">{money(item.amount_minor, item.currency, language.value)}</span>
    </li>
  );
}
