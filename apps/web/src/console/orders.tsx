import type { OrderDetail, OrderSummary } from '@stuiver/console-api';
import { Link } from '../parts/link.js';
import { useLoaded } from '../parts/use-loaded.js';
import { useTitle } from '../parts/use-title.js';
import { read } from './api.js';
import { Amount, Chip, Facts, Shown, Table, When } from './parts.js';
import { Pages } from './use-pages.js';
import { cw } from './words.js';

/** A merchant's orders, newest first. */
export function Orders({ mchid }: { mchid: string }) {
  const w = cw.value;
  useTitle(w.orders);
  return (
    <>
      <h1>{w.orders}</h1>
      <Pages<OrderSummary> path={`/console/merchants/${mchid}/orders`} empty={w.noOrders}>
        {(orders) => (
          <Table
            caption={w.orders}
            heads={[w.order, w.description, w.date, w.state, w.amount]}
            rows={orders.map((order) => ({
              key: order.orderId,
              cells: [
                <Link key="to" to={`/merchant/${mchid}/orders/${order.orderId}`}>
                  {order.outTradeNo}
                </Link>,
                order.description,
                <When key="at" at={order.paidAt ?? order.createdAt} />,
                order.state,
                <Amount key="sum" minor={order.amountMinor} />,
              ],
            }))}
          />
        )}
      </Pages>
    </>
  );
}

export function OrderPage({ mchid, id }: { mchid: string; id: string }) {
  const w = cw.value;
  useTitle(w.order);
  const path = `/console/merchants/${mchid}/orders/${id}`;
  const loaded = useLoaded(() => read<OrderDetail>(path), [path]);
  return (
    <>
      <p>
        <Link to={`/merchant/${mchid}/orders`}>{w.orders}</Link>
      </p>
      <h1>{w.order}</h1>
      <Shown loaded={loaded}>{(order) => <Order order={order} />}</Shown>
    </>
  );
}

function Order({ order }: { order: OrderDetail }) {
  const w = cw.value;
  return (
    <>
      <Facts
        facts={[
          ['out_trade_no', <Chip key="number" id={order.outTradeNo} />],
          [
            'transaction_id',
            order.transactionId === null ? '–' : <Chip id={order.transactionId} />,
          ],
          [w.description, order.description],
          [w.state, order.state],
          [w.amount, <Amount key="sum" minor={order.amountMinor} />],
          [w.fee, order.feeMinor === null ? '–' : <Amount minor={order.feeMinor} />],
        ]}
      />
      <h2>{w.attempts}</h2>
      <Table
        caption={w.attempts}
        heads={[w.date, w.state, 'PSP']}
        rows={order.attempts.map((attempt) => ({
          key: attempt.attemptId,
          cells: [
            <When key="at" at={attempt.createdAt} />,
            `${attempt.method ?? ''} ${attempt.state}`,
            attempt.pspReference === null ? '–' : <Chip id={attempt.pspReference} />,
          ],
        }))}
      />
      <h2>{w.refunds}</h2>
      {order.refunds.length === 0 ? (
        <p class="soft">{w.none}</p>
      ) : (
        <Table
          caption={w.refunds}
          heads={['out_refund_no', w.state, w.amount]}
          rows={order.refunds.map((refund) => ({
            key: refund.refundId,
            cells: [
              refund.outRefundNo,
              refund.state,
              <Amount key="sum" minor={refund.amountMinor} />,
            ],
          }))}
        />
      )}
      <h2>{w.notifications}</h2>
      <ul>
        {order.notifications.map(({ id, event, state, tries }) => (
          <li key={id}>
            {event}: {state} ({tries}×)
          </li>
        ))}
      </ul>
    </>
  );
}
