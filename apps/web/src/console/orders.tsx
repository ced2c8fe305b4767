import type { OrderSummary } from '@stuiver/console-api';
import { Link } from '../parts/link.js';
import { useTitle } from '../parts/use-title.js';
import { codeWord } from './code-words.js';
import { decimalOf } from './csv.js';
import { Filters, queryOf } from './filters.js';
import { Amount, Table, When } from './parts.js';
import { State } from './states.js';
import { Pages } from './use-pages.js';
import { cw } from './words.js';

const NAMES = ['q', 'state', 'from', 'to'];
const STATES = ['NOTPAY', 'SUCCESS', 'REFUND', 'CLOSED'] as const;
const CSV = {
  name: 'stuiver-orders',
  heads: [
    'order',
    'out_trade_no',
    'transaction_id',
    'description',
    'state',
    'method',
    'created_at',
    'paid_at',
    'amount',
    'fee',
    'refunded',
    'currency',
  ],
  row: (order: OrderSummary) => [
    ...[order.orderId, order.outTradeNo, order.transactionId ?? '', order.description],
    ...[order.state, order.method ?? '', order.createdAt, order.paidAt ?? ''],
    ...[decimalOf(order.amountMinor), order.feeMinor === null ? '' : decimalOf(order.feeMinor)],
    ...[decimalOf(order.refundedMinor), order.currency],
  ],
};

/** A merchant's orders, newest first. */
export function Orders({ mchid }: { mchid: string }) {
  const w = cw.value;
  useTitle(w.orders);
  return (
    <>
      <h1>{w.orders}</h1>
      <Filters
        names={NAMES}
        hint={w.searchOrders}
        days
        choices={[
          {
            name: 'state',
            label: w.state,
            options: STATES.map((state) => [state, codeWord('order', state)] as const),
          },
        ]}
      />
      <Pages<OrderSummary>
        path={`/console/merchants/${mchid}/orders`}
        query={queryOf(NAMES)}
        empty={w.noOrders}
        csv={CSV}
      >
        {(orders) => (
          <Table
            caption={w.orders}
            heads={[w.order, w.description, w.date, w.method, w.state, w.amount]}
            rows={orders.map((order) => ({
              key: order.orderId,
              cells: [
                <Link key="to" to={`/merchant/${mchid}/orders/${order.orderId}`}>
                  {order.outTradeNo}
                </Link>,
                order.description,
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
