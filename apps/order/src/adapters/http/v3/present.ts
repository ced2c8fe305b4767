import type { Money } from '@stuiver/money';
import { wireTime } from '@stuiver/merchant-wire';
import type { Order, PayMethod, Refund, RefundState, TradeState } from '../../../domain/order.js';

/*
 * Orders and refunds in WeChat's words, sections 2.3, 4.2 and 5 of the contract. Closed lists only: some SDKs turn a
 * word they do not know into nothing.
 */

const TRADE_STATE_DESC: Readonly<Record<TradeState, string>> = {
  NOTPAY: 'Not paid yet',
  SUCCESS: 'Paid',
  REFUND: 'Refund started',
  CLOSED: 'Closed',
};

export function presentOrder(order: Order): object {
  const { payment, amount } = order;
  const always = {
    appid: order.appid,
    mchid: order.mchid,
    out_trade_no: order.outTradeNo,
    trade_state: order.state,
    trade_state_desc: TRADE_STATE_DESC[order.state],
    promotion_detail: [],
  };
  const total = { total: amount.toJsonInteger(), currency: amount.currency };
  if (payment === null) return { ...always, amount: total };
  return {
    ...always,
    transaction_id: payment.transactionId,
    trade_type: order.tradeType,
    // A bank's own code is known for none of our methods; OTHERS is the word for money that names no bank.
    bank_type: 'OTHERS',
    ...(order.attach === null ? {} : { attach: order.attach }),
    success_time: wireTime(payment.paidAt),
    payer: { openid: payment.openid },
    amount: { ...total, payer_total: total.total, payer_currency: total.currency },
    ...deviceOf(order.extra),
  };
}

function deviceOf(extra: Readonly<Record<string, unknown>>): object {
  const scene = extra['scene_info'];
  if (typeof scene !== 'object' || scene === null || !('device_id' in scene)) return {};
  return { scene_info: { device_id: scene.device_id } };
}

export type RefundStatus = 'PROCESSING' | 'SUCCESS' | 'CLOSED' | 'ABNORMAL';

const REFUND_STATUS: Readonly<Record<RefundState, RefundStatus>> = {
  requested: 'PROCESSING',
  processing: 'PROCESSING',
  success: 'SUCCESS',
  abnormal: 'ABNORMAL',
  closed: 'CLOSED',
  // Never shown: a refused refund is an error answer and then unknown.
  refused: 'CLOSED',
};

const RECEIVED_BY: Readonly<Record<PayMethod, string>> = {
  wallet: 'Wallet balance',
  ideal: 'Bank account',
  card: 'Card',
};

export function presentRefund(refund: Refund): object {
  const { amount, orderTotal } = refund;
  return {
    refund_id: refund.refundNo,
    out_refund_no: refund.outRefundNo,
    transaction_id: refund.transactionId,
    out_trade_no: refund.outTradeNo,
    channel: 'ORIGINAL',
    user_received_account: RECEIVED_BY[refund.method],
    ...successTime(refund),
    create_time: wireTime(refund.createdAt),
    status: REFUND_STATUS[refund.state],
    funds_account: refund.fundsAccount ?? 'UNSETTLED',
    amount: {
      ...refundAmounts(amount, orderTotal),
      from: [],
      settlement_refund: amount.toJsonInteger(),
      settlement_total: orderTotal.toJsonInteger(),
      discount_refund: 0,
      currency: amount.currency,
      refund_fee: 0,
    },
    promotion_detail: [],
  };
}

/** The notification's wording: `refund_status`, and fewer fields. */
export function presentRefundNotice(
  refund: Refund,
  status: 'SUCCESS' | 'ABNORMAL' | 'CLOSED',
): object {
  return {
    mchid: refund.mchid,
    out_trade_no: refund.outTradeNo,
    transaction_id: refund.transactionId,
    out_refund_no: refund.outRefundNo,
    refund_id: refund.refundNo,
    refund_status: status,
    ...successTime(refund),
    user_received_account: RECEIVED_BY[refund.method],
    amount: refundAmounts(refund.amount, refund.orderTotal),
  };
}

function successTime(refund: Refund): object {
  return refund.succeededAt === null ? {} : { success_time: wireTime(refund.succeededAt) };
}

function refundAmounts(amount: Money, orderTotal: Money): object {
  const total = orderTotal.toJsonInteger();
  const refund = amount.toJsonInteger();
  return { total, refund, payer_total: total, payer_refund: refund };
}
