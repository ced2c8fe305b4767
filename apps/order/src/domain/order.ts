import type { Money } from '@stuiver/money';
import type { TradeState } from './order-states.js';
import type { RefundState } from './refund-states.js';

export type { TradeState } from './order-states.js';
export type { RefundState } from './refund-states.js';

export type TradeType = 'JSAPI' | 'NATIVE' | 'APP' | 'MWEB';
export type PayMethod = 'wallet' | 'ideal' | 'card';

/** How an order was paid: set once, in the transaction that makes it SUCCESS. */
export interface OrderPayment {
  readonly attemptId: string;
  /** Twenty-eight digits, as the v3 wire knows it. */
  readonly transactionId: string;
  readonly method: PayMethod;
  readonly fee: Money;
  readonly paidAt: Date;
  readonly userId: string;
  /** The payer's pairwise id under the order's appid. */
  readonly openid: string;
}

/** A merchant's order. Its states are WeChat's and no others; the rich story is told by its attempts. */
export interface Order {
  readonly id: string;
  readonly mchid: string;
  readonly appid: string;
  readonly outTradeNo: string;
  readonly state: TradeState;
  readonly tradeType: TradeType;
  readonly description: string;
  readonly attach: string | null;
  /** Empty: no server of the merchant's is told. */
  readonly notifyUrl: string;
  readonly amount: Money;
  /** Who must pay; null when anyone may. */
  readonly userId: string | null;
  /** The same payer as the merchant named them. */
  readonly openid: string | null;
  /** Fields that are only given back or shown: detail, scene_info, goods_tag, … */
  readonly extra: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly payment: OrderPayment | null;
  /** Asked back so far, refunds in progress included; never more than the amount. */
  readonly refundedMinor: bigint;
  readonly closedAt: Date | null;
}

/** A ticket to pay an order. A repeated order request gives a fresh one. */
export interface Prepay {
  readonly prepayId: string;
  readonly orderId: string;
  /** What a native order's QR code says. */
  readonly code: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly retiredAt: Date | null;
}

export interface Refund {
  readonly id: string;
  /** What the v3 wire calls refund_id: digits. */
  readonly refundNo: string;
  readonly orderId: string;
  readonly mchid: string;
  readonly outRefundNo: string;
  readonly outTradeNo: string;
  /** Empty for a late payment of an order that was never paid. */
  readonly transactionId: string;
  readonly attemptId: string;
  readonly source: 'merchant' | 'late-payment';
  readonly state: RefundState;
  readonly amount: Money;
  readonly orderTotal: Money;
  readonly reason: string | null;
  readonly notifyUrl: string | null;
  readonly fundsAccount: string | null;
  readonly method: PayMethod;
  /** Whose wallet or bank it goes back to. */
  readonly userId: string;
  /** The PSP's name of the payment that is given back; null for a wallet payment. */
  readonly paymentReference: string | null;
  /** The connected account that the payment went to; null when the platform or a wallet has it. */
  readonly pspAccount: string | null;
  /** What of our fee goes back to that account with it. */
  readonly feeBack: Money;
  readonly pspReference: string | null;
  readonly failure: string | null;
  readonly createdAt: Date;
  /** When the money was first sent on its way, before anyone was called. */
  readonly sentAt: Date | null;
  readonly succeededAt: Date | null;
  readonly workAt: Date | null;
  readonly workedCount: number;
}
