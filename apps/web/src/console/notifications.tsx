import type { NotificationView } from '@stuiver/console-api';
import { useState } from 'preact/hooks';
import { Link } from '../parts/link.js';
import { useTitle } from '../parts/use-title.js';
import { change, me } from './api.js';
import { codeWord } from './code-words.js';
import { Filters, queryOf } from './filters.js';
import { nw } from './notification-words.js';
import { amsterdamText, Table, Trouble, When } from './parts.js';
import { useAct } from './use-act.js';
import { Pages } from './use-pages.js';
import { cw } from './words.js';

const NAMES = ['q', 'state'];
const STATES = ['waiting', 'delivered', 'exhausted'] as const;
const CSV = {
  name: 'stuiver-notifications',
  heads: [
    ...['notification', 'event', 'state', 'out_trade_no', 'out_refund_no', 'url', 'created_at'],
    ...['tries', 'last_try_at', 'last_status', 'last_problem', 'next_try_at'],
  ],
  row: (told: NotificationView) => [
    ...[told.notificationId, told.event, told.state, told.outTradeNo ?? ''],
    ...[told.outRefundNo ?? '', told.url, told.createdAt, String(told.tries.length)],
    ...[told.tries[0]?.at ?? '', String(told.tries[0]?.status ?? '')],
    ...[told.tries[0]?.problem ?? '', told.nextTryAt ?? ''],
  ],
};

/** What the merchant's server was told and how that went, newest first; each can be sent again. */
export function Notifications({ mchid }: { mchid: string }) {
  const [w, n] = [cw.value, nw.value];
  useTitle(n.notifications);
  return (
    <>
      <h1>{n.notifications}</h1>
      <p class="soft">{n.intro}</p>
      <Filters
        names={NAMES}
        hint={n.search}
        choices={[
          {
            name: 'state',
            label: w.state,
            options: STATES.map((state) => [state, codeWord('told', state)] as const),
          },
        ]}
      />
      <Pages<NotificationView>
        path={`/console/merchants/${mchid}/notifications`}
        query={queryOf(NAMES)}
        empty={n.none}
        csv={CSV}
      >
        {(notifications) => (
          <Table
            caption={n.notifications}
            heads={[w.kind, w.order, w.state, n.tries, n.again]}
            rows={notifications.map((told) => rowOf(mchid, told))}
          />
        )}
      </Pages>
    </>
  );
}

function rowOf(mchid: string, told: NotificationView) {
  const { notificationId, event, orderId, outTradeNo, outRefundNo } = told;
  return {
    key: notificationId,
    cells: [
      <span key="event">
        {codeWord('event', event)} · <When at={told.createdAt} />
      </span>,
      orderId === null ? (
        '–'
      ) : (
        <Link key="to" to={`/merchant/${mchid}/orders/${orderId}`}>
          {outRefundNo ?? outTradeNo ?? orderId}
        </Link>
      ),
      <Standing key="state" told={told} />,
      <Tries key="tries" told={told} />,
      <Again key="again" mchid={mchid} told={told} />,
    ],
  };
}

function Standing({ told }: { told: NotificationView }) {
  const { state, nextTryAt } = told;
  const kind = { delivered: 'good', exhausted: 'bad', waiting: 'soft' }[state];
  return (
    <span class={kind}>
      {codeWord('told', state)}
      {nextTryAt !== null && ` · ${nw.value.next.replace('{at}', amsterdamText(nextTryAt))}`}
    </span>
  );
}

/** How each try went, and where it went to. */
function Tries({ told }: { told: NotificationView }) {
  const n = nw.value;
  return (
    <details>
      <summary>{told.tries.length}</summary>
      <p class="soft">{told.url}</p>
      <ol class="plain">
        {told.tries.map(({ at, status, problem, durationMs }) => (
          <li key={at}>
            <When at={at} />: {status === null ? n.silent : `HTTP ${String(status)}`}
            {problem !== null && ` (${problem})`} · {durationMs} ms
          </li>
        ))}
      </ol>
    </details>
  );
}

function Again({ mchid, told }: { mchid: string; told: NotificationView }) {
  const n = nw.value;
  const { busy, error, act } = useAct();
  const [isSent, setIsSent] = useState(false);
  const may = me.value?.roles.some((role) => role === 'merchant' || role === 'operator') === true;
  if (!may) return <>–</>;
  return (
    <>
      <button
        type="button"
        class="quiet"
        disabled={busy || isSent}
        onClick={() => {
          act(async () => {
            await change(
              `/console/merchants/${mchid}/notifications/${told.notificationId}/replay`,
              {},
            );
            setIsSent(true);
          });
        }}
      >
        {isSent ? n.sent : n.send}
      </button>
      <Trouble error={error} />
    </>
  );
}
