import type { OrderDetail, OrderTransfers } from '@stuiver/console-api';
import { useState } from 'preact/hooks';
import { Link } from '../parts/link.js';
import { saveReceipt } from '../parts/save-file.js';
import { useTitle } from '../parts/use-title.js';
import { me, read } from './api.js';
import { codeWord } from './code-words.js';
import { disputeMoments, Disputes, finalityOf } from './order-disputes.js';
import { Amount, Chip, Facts, Shown, Table, Trouble, When } from './parts.js';
import { FeeWhy } from './price-parts.js';
import { RefundOrder } from './refund-order.js';
import { State } from './states.js';
import { useAct } from './use-act.js';
import { useAsked } from './use-asked.js';
import { cw } from './words.js';

export function OrderPage({ mchid, id }: { mchid: string; id: string }) {
  const w = cw.value;
  useTitle(w.order);
  const [turn, setTurn] = useState(0);
  return (
    <>
      <p>
        <Link back to={`/merchant/${mchid}/orders`}>
          {w.orders}
        </Link>
      </p>
      <h1>{w.order}</h1>
      <Body
        key={turn}
        mchid={mchid}
        id={id}
        onChanged={() => {
          setTurn(turn + 1);
        }}
      />
    </>
  );
}

function Body({ mchid, id, onChanged }: { mchid: string; id: string; onChanged: () => void }) {
  const w = cw.value;
  const asked = useAsked<OrderDetail>(`/console/merchants/${mchid}/orders/${id}`);
  return (
    <Shown asked={asked}>
      {(order) => (
        <>
          <OrderFacts order={order} />
          <Disputes order={order} />
          {mayRefund() && <RefundOrder mchid={mchid} order={order} onDone={onChanged} />}
          {order.paidAt !== null && <Receipt mchid={mchid} id={id} />}
          <h2>{w.timeline}</h2>
          <Timeline order={order} />
          <h2>{w.transfers}</h2>
          <Transfers mchid={mchid} id={id} />
        </>
      )}
    </Shown>
  );
}

/** Who sees an order may not always give its money back. */
function mayRefund(): boolean {
  return me.value?.roles.some((role) => role === 'merchant' || role === 'operator') === true;
}

function OrderFacts({ order }: { order: OrderDetail }) {
  const w = cw.value;
  return (
    <Facts
      facts={[
        [w.amount, <Amount key="sum" minor={order.amountMinor} />],
        [w.state, <State key="state" of="order" code={order.state} />],
        [w.description, order.description],
        [w.method, order.method === null ? '–' : codeWord('method', order.method)],
        [w.fee, <Fee key="fee" order={order} />],
        [w.refunds, <Amount key="refunds" minor={order.refundedMinor} />],
        ...(order.paidAt === null ? [] : [finalityOf(order)]),
        ['out_trade_no', <Chip key="number" id={order.outTradeNo} />],
        ['transaction_id', order.transactionId === null ? '–' : <Chip id={order.transactionId} />],
      ]}
    />
  );
}

function Fee({ order: { feeMinor, feeExplained } }: { order: OrderDetail }) {
  if (feeMinor === null) return <>–</>;
  return (
    <>
      <Amount minor={feeMinor} /> {feeExplained !== null && <FeeWhy fee={feeExplained} />}
    </>
  );
}

/** What proves the payment to others. */
function Receipt({ mchid, id }: { mchid: string; id: string }) {
  const w = cw.value;
  const { busy, error, act } = useAct();
  const fetchIt = async (): Promise<void> => {
    saveReceipt(id, await read(`/console/merchants/${mchid}/orders/${id}/receipt`));
  };
  return (
    <>
      <p>
        <button
          type="button"
          class="quiet"
          disabled={busy}
          onClick={() => {
            act(fetchIt);
          }}
        >
          {w.receipt}
        </button>{' '}
        <span class="soft">
          {w.receiptWhy} <a href="/verify">/verify</a>
        </span>
      </p>
      <Trouble error={error} />
    </>
  );
}

interface Moment {
  readonly key: string;
  readonly at: string;
  readonly text: string;
  readonly minor?: string;
  readonly id?: string | null;
}

function attemptState({ state, heldUntil }: OrderDetail['attempts'][number]): string {
  return heldUntil === null ? codeWord('attempt', state) : cw.value.attemptHeld;
}

/** Everything that happened, oldest first: order, attempts, payment, refunds, messages to the merchant's server. */
function momentsOf(order: OrderDetail): readonly Moment[] {
  const w = cw.value;
  const moments: Moment[] = [
    { key: 'made', at: order.createdAt, text: w.orderCreated, minor: order.amountMinor },
    ...order.attempts.map((attempt) => ({
      key: attempt.attemptId,
      at: attempt.createdAt,
      text: w.attemptOf
        .replace('{method}', attempt.method === null ? '' : codeWord('method', attempt.method))
        .replace('{state}', attemptState(attempt)),
      id: attempt.pspReference,
    })),
    ...order.refunds.map((refund) => ({
      key: refund.refundId,
      at: refund.createdAt,
      text: w.refundOf
        .replace('{number}', refund.outRefundNo)
        .replace('{state}', codeWord('refund', refund.state)),
      minor: refund.amountMinor,
    })),
    ...disputeMoments(order),
    ...order.notifications.flatMap(({ id, event, state, tries, lastTriedAt }) =>
      lastTriedAt === null
        ? []
        : [{ key: id, at: lastTriedAt, text: toldText(event, state, tries) }],
    ),
  ];
  if (order.paidAt !== null) moments.push({ key: 'paid', at: order.paidAt, text: w.orderPaid });
  return moments.sort((one, other) => one.at.localeCompare(other.at));
}

function toldText(event: string, state: string, tries: number): string {
  return cw.value.toldOf
    .replace('{event}', codeWord('event', event))
    .replace('{state}', codeWord('told', state))
    .replace('{tries}', String(tries));
}

function Timeline({ order }: { order: OrderDetail }) {
  return (
    <ol class="timeline">
      {momentsOf(order).map(({ key, at, text, minor, id }) => (
        <li key={key}>
          <When at={at} /> <span>{text}</span> {minor !== undefined && <Amount minor={minor} />}{' '}
          {id !== undefined && id !== null && <Chip id={id} />}
        </li>
      ))}
    </ol>
  );
}

/** What it moved on the merchant's account, and the settlement each line went into. */
function Transfers({ mchid, id }: { mchid: string; id: string }) {
  const w = cw.value;
  const path = `/console/merchants/${mchid}/settlements`;
  const asked = useAsked<OrderTransfers>(`${path}/of-order/${id}`);
  return (
    <Shown asked={asked}>
      {({ lines }) =>
        lines.length === 0 ? (
          <p class="soft empty">{w.noTransfers}</p>
        ) : (
          <Table
            caption={w.transfers}
            heads={[w.kind, w.date, w.transfer, w.settlement, w.amount]}
            rows={lines.map((line) => ({
              key: line.version,
              cells: [
                codeWord('purpose', line.purpose),
                <When key="at" at={line.bookedAt} />,
                line.transferSeq,
                line.settlementId === null ? (
                  w.noPayouts
                ) : (
                  <Link key="to" to={`/merchant/${mchid}/settlements/${line.settlementId}`}>
                    {w.settlement}
                  </Link>
                ),
                <Amount key="sum" minor={line.amountMinor} />,
              ],
            }))}
          />
        )
      }
    </Shown>
  );
}
