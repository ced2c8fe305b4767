import type { FoundOrder, UnknownOutcome } from '@stuiver/console-api';
import { useState } from 'preact/hooks';
import { Link } from '../parts/link.js';
import { useTitle } from '../parts/use-title.js';
import { change } from './api.js';
import { codeWord } from './code-words.js';
import { decimalOf } from './csv.js';
import { Filters, queryOf } from './filters.js';
import { amsterdamText, Amount, Chip, Shown, Table, Trouble, When } from './parts.js';
import { State } from './states.js';
import { sw } from './support-words.js';
import { useAct } from './use-act.js';
import { useAsked } from './use-asked.js';
import { Pages } from './use-pages.js';
import { cw } from './words.js';

const NAMES = ['q', 'from', 'to'];
const UNKNOWN = '/console/support/unknown';
const CSV = {
  name: 'stuiver-found-orders',
  heads: [
    'merchant',
    'order',
    'out_trade_no',
    'state',
    'method',
    'created_at',
    'amount',
    'currency',
  ],
  row: (order: FoundOrder) => [
    ...[order.mchid, order.orderId, order.outTradeNo, order.state, order.method ?? ''],
    ...[order.createdAt, decimalOf(order.amountMinor), order.currency],
  ],
};

/** For who helps: any order by what somebody read out, and what nobody knows the end of. */
export function SupportPage() {
  const [w, s] = [cw.value, sw.value];
  useTitle(s.support);
  return (
    <>
      <h1>{s.support}</h1>
      <Unknown />
      <h2>{w.orders}</h2>
      <Filters names={NAMES} hint={s.search} days />
      <Pages<FoundOrder>
        path="/console/support/orders"
        query={queryOf(NAMES)}
        empty={s.none}
        csv={CSV}
      >
        {(orders) => (
          <Table
            caption={w.orders}
            heads={[w.merchant, w.order, w.date, w.method, w.state, w.amount]}
            rows={orders.map((order) => ({
              key: order.orderId,
              cells: [
                order.merchantName,
                <Link key="to" to={`/merchant/${order.mchid}/orders/${order.orderId}`}>
                  {order.outTradeNo}
                </Link>,
                <When key="at" at={order.paidAt ?? order.createdAt} />,
                order.method === null ? '–' : codeWord('method', order.method),
                <State key="state" of="order" code={order.state} />,
                <Amount key="sum" minor={order.amountMinor} />,
              ],
            }))}
          />
        )}
      </Pages>
    </>
  );
}

function Unknown() {
  const [w, s] = [cw.value, sw.value];
  const asked = useAsked<{ items: readonly UnknownOutcome[] }>(UNKNOWN);
  const [said, setSaid] = useState('');
  const onAsked = (text: string): void => {
    setSaid(text);
    asked.again();
  };
  return (
    <>
      <h2>{s.unknown}</h2>
      <p role="status">{said}</p>
      <Shown asked={asked}>
        {({ items }) =>
          items.length === 0 ? (
            <p class="soft">{s.noneUnknown}</p>
          ) : (
            <>
              <p class="soft">{s.hint}</p>
              <Table
                caption={s.unknown}
                heads={[s.what, w.order, w.date, w.amount, s.next]}
                rows={items.map((item) => rowOf(item, onAsked))}
              />
            </>
          )
        }
      </Shown>
    </>
  );
}

function rowOf(item: UnknownOutcome, onAsked: (text: string) => void) {
  const s = sw.value;
  const { kind, id, mchid, orderId, outTradeNo, pspReference } = item;
  return {
    key: id,
    cells: [
      <span key="what" class={item.isException ? 'bad' : undefined}>
        {item.isException && `! ${s.exception}: `}
        {s[kind]}, {stateText(item.state)}
      </span>,
      <span key="order">
        {mchid !== null && orderId !== null && (
          <Link to={`/merchant/${mchid}/orders/${orderId}`}>{outTradeNo ?? orderId}</Link>
        )}{' '}
        <Chip id={pspReference ?? id} />
      </span>,
      <When key="since" at={item.since} />,
      <Amount key="sum" minor={item.amountMinor} />,
      <AskNow key="next" item={item} onAsked={onAsked} />,
    ],
  };
}

function stateText(state: string): string {
  const s = sw.value;
  const words: Readonly<Record<string, string>> = {
    ...{ confirming: s.confirming, redirected: s.redirected, unknown: s.isUnknown },
    ...{ requested: s.requested, processing: s.processing },
  };
  return words[state] ?? state;
}

function AskNow({ item, onAsked }: { item: UnknownOutcome; onAsked: (text: string) => void }) {
  const s = sw.value;
  const { busy, error, act } = useAct();
  const { kind, id, nextAskAt, askedCount } = item;
  return (
    <>
      <span class="soft">
        {nextAskAt === null ? '–' : amsterdamText(nextAskAt)} ·{' '}
        {s.asked.replace('{count}', String(askedCount))}
      </span>{' '}
      <button
        type="button"
        disabled={busy}
        onClick={() => {
          act(async () => {
            const path = `${UNKNOWN}/${kind}/${id}/ask`;
            const { item: still } = await change<{ item: UnknownOutcome | null }>(path, {});
            const what = s[kind].toLowerCase();
            onAsked(still === null ? s.known.replace('{what}', what) : s.stillUnknown);
          });
        }}
      >
        {s.askNow}
      </button>
      <Trouble error={error} />
    </>
  );
}
