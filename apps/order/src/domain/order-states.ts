import { nextIn, type StateTable } from './next-state.js';

export const TRADE_STATES = ['NOTPAY', 'SUCCESS', 'REFUND', 'CLOSED'] as const;
export type TradeState = (typeof TRADE_STATES)[number];

export const ORDER_EVENTS = ['moneyCame', 'refundStarted', 'closed'] as const;
export type OrderEvent = (typeof ORDER_EVENTS)[number];

/**
 * Row: where the order is. Column: what happened. '=' stays, '!' is refused.
 * `moneyCame` is refused nowhere: an order that cannot take the money stays as it is, and the attempt that brought it
 * becomes `refundDue`.
 */
// prettier-ignore
const NEXT = {
  NOTPAY:  { moneyCame: 'SUCCESS', refundStarted: '!',      closed: 'CLOSED' },
  SUCCESS: { moneyCame: '=',       refundStarted: 'REFUND', closed: '!' },
  REFUND:  { moneyCame: '=',       refundStarted: '=',      closed: '!' },
  CLOSED:  { moneyCame: '=',       refundStarted: '!',      closed: '=' },
} as const satisfies StateTable<TradeState, OrderEvent>;

export function nextOrderState(state: TradeState, event: OrderEvent): TradeState | null {
  return nextIn<TradeState, OrderEvent>(NEXT, { state, event });
}
