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
  const [more, setMore] = useState<{ items: readonly Item[]; next: string | null } | undefined>();
  const first = useLoaded(
    async () =>
      user === undefined ? undefined : ((await api.get('/wallet/history')) as HistoryPage),
    [user?.user_id],
  );
  if (first.state === 'failed') return <p role="alert">{w.offline}</p>;
  const page = first.state === 'there' ? first.value : undefined;
  const items = [...(page?.items ?? []), ...(more?.items ?? [])];
  const next = more === undefined ? page?.next : more.next;
  return (
    <>
      <h1>{w.history}</h1>
      {page === undefined && <p>{w.loading}</p>}
      {page !== undefined && items.length === 0 && <p>{w.empty}</p>}
      <ul class="list">
        {items.map((item) => (
          <HistoryRow key={`${item.kind} ${item.id}`} item={item} />
        ))}
      </ul>
      {typeof next === 'string' && (
        <button
          type="button"
          class="secondary"
          onClick={() => {
            void (
              api.get(`/wallet/history?before=${encodeURIComponent(next)}`) as Promise<HistoryPage>
            ).then((later) => {
              setMore({ items: [...(more?.items ?? []), ...later.items], next: later.next });
            });
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
