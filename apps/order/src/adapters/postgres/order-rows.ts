import { invariant } from '@stuiver/errors';
import { Money, isCurrency } from '@stuiver/money';
import type { AttemptState } from '../../domain/attempt-states.js';
import type { Attempt } from '../../domain/attempt.js';
import type {
  Order,
  OrderPayment,
  PayMethod,
  Prepay,
  Refund,
  RefundState,
  TradeState,
  TradeType,
} from '../../domain/order.js';
import type { TopUp, TopUpState } from '../../domain/top-up.js';

/** Rows as PostgreSQL holds them; int8 arrives as text. Only this folder sees them. */
export interface OrderRow {
  readonly id: string;
  readonly mchid: string;
  readonly appid: string;
  readonly out_trade_no: string;
  readonly state: TradeState;
  readonly trade_type: TradeType;
  readonly description: string;
  readonly attach: string | null;
  readonly notify_url: string;
  readonly amount_minor: string;
  readonly currency: string;
  readonly user_id: string | null;
  readonly openid: string | null;
  readonly extra: Record<string, unknown>;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly transaction_id: string | null;
  readonly paid_attempt_id: string | null;
  readonly paid_by_user_id: string | null;
  readonly method: PayMethod | null;
  readonly fee_minor: string | null;
  readonly paid_at: Date | null;
  readonly refunded_minor: string;
  readonly closed_at: Date | null;
  /** Joined: the payer's openid under the order's appid. */
  readonly payer_openid: string | null;
}

export interface PrepayRow {
  readonly prepay_id: string;
  readonly order_id: string;
  readonly code: string | null;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly retired_at: Date | null;
}

export interface AttemptRow {
  readonly id: string;
  readonly order_id: string;
  readonly prepay_id: string;
  readonly user_id: string;
  readonly state: AttemptState;
  readonly method: PayMethod | null;
  readonly fee_minor: string | null;
  readonly fee_vat_minor: string;
  readonly price_version_id: string | null;
  readonly psp_account: string | null;
  readonly metadata_sha256: Buffer | null;
  readonly content_salt: Buffer | null;
  readonly psp_reference: string | null;
  readonly redirect_url: string | null;
  readonly return_url: string | null;
  readonly card_token: string | null;
  readonly failure: string | null;
  readonly created_at: Date;
  readonly confirmed_at: Date | null;
  readonly ended_at: Date | null;
  readonly ask_at: Date | null;
  readonly asked_count: number;
  readonly held_until: Date | null;
  /** Joined: the order's currency. */
  readonly currency: string;
}

export interface RefundRow {
  readonly id: string;
  readonly refund_no: string;
  readonly order_id: string;
  readonly mchid: string;
  readonly out_refund_no: string;
  readonly attempt_id: string;
  readonly source: Refund['source'];
  readonly state: RefundState;
  readonly amount_minor: string;
  readonly currency: string;
  readonly reason: string | null;
  readonly notify_url: string | null;
  readonly funds_account: string | null;
  readonly psp_reference: string | null;
  readonly failure: string | null;
  readonly created_at: Date;
  readonly sent_at: Date | null;
  readonly succeeded_at: Date | null;
  readonly work_at: Date | null;
  readonly worked_count: number;
  /** Joined from the order and the attempt. */
  readonly out_trade_no: string;
  readonly transaction_id: string | null;
  readonly order_total_minor: string;
  readonly method: PayMethod;
  readonly user_id: string;
  readonly payment_reference: string | null;
  readonly psp_account: string | null;
  readonly payment_fee_minor: string | null;
}

export interface TopUpRow {
  readonly id: string;
  readonly user_id: string;
  readonly amount_minor: string;
  readonly currency: string;
  readonly method: 'ideal' | 'card';
  readonly card_token: string | null;
  readonly state: TopUpState;
  readonly psp_reference: string | null;
  readonly redirect_url: string | null;
  readonly failure: string | null;
  readonly created_at: Date;
  readonly ended_at: Date | null;
  readonly ask_at: Date | null;
  readonly asked_count: number;
}

export function moneyOf(minorText: string, currency: string): Money {
  invariant(isCurrency(currency), 'a stored currency is one of ours');
  return Money.ofMinor(BigInt(minorText), currency);
}

export function toOrder(row: OrderRow): Order {
  return {
    id: row.id,
    mchid: row.mchid,
    appid: row.appid,
    outTradeNo: row.out_trade_no,
    state: row.state,
    tradeType: row.trade_type,
    description: row.description,
    attach: row.attach,
    notifyUrl: row.notify_url,
    amount: moneyOf(row.amount_minor, row.currency),
    userId: row.user_id,
    openid: row.openid,
    extra: row.extra,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    payment: paymentOf(row),
    refundedMinor: BigInt(row.refunded_minor),
    closedAt: row.closed_at,
  };
}

function paymentOf(row: OrderRow): OrderPayment | null {
  if (row.state !== 'SUCCESS' && row.state !== 'REFUND') return null;
  const { transaction_id, paid_attempt_id, paid_by_user_id, method, fee_minor, paid_at } = row;
  invariant(transaction_id !== null && paid_attempt_id !== null, 'a paid order knows its payment');
  invariant(paid_by_user_id !== null && row.payer_openid !== null, 'a paid order knows its payer');
  invariant(method !== null && fee_minor !== null && paid_at !== null, 'a paid order knows how');
  return {
    attemptId: paid_attempt_id,
    transactionId: transaction_id,
    method,
    fee: moneyOf(fee_minor, row.currency),
    paidAt: paid_at,
    userId: paid_by_user_id,
    openid: row.payer_openid,
  };
}

export function toPrepay(row: PrepayRow): Prepay {
  return {
    prepayId: row.prepay_id,
    orderId: row.order_id,
    code: row.code,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    retiredAt: row.retired_at,
  };
}

export function toAttempt(row: AttemptRow): Attempt {
  return {
    id: row.id,
    orderId: row.order_id,
    prepayId: row.prepay_id,
    userId: row.user_id,
    state: row.state,
    method: row.method,
    fee: row.fee_minor === null ? null : moneyOf(row.fee_minor, row.currency),
    feeVat: row.fee_minor === null ? null : moneyOf(row.fee_vat_minor, row.currency),
    priceVersionId: row.price_version_id,
    pspAccount: row.psp_account,
    metadataSha256: row.metadata_sha256?.toString('hex') ?? null,
    contentSalt: row.content_salt?.toString('hex') ?? null,
    pspReference: row.psp_reference,
    redirectUrl: row.redirect_url,
    returnUrl: row.return_url,
    cardToken: row.card_token,
    failure: row.failure,
    createdAt: row.created_at,
    confirmedAt: row.confirmed_at,
    endedAt: row.ended_at,
    askAt: row.ask_at,
    askedCount: row.asked_count,
    heldUntil: row.held_until,
  };
}

export function toRefund(row: RefundRow): Refund {
  return {
    id: row.id,
    refundNo: row.refund_no,
    orderId: row.order_id,
    mchid: row.mchid,
    outRefundNo: row.out_refund_no,
    outTradeNo: row.out_trade_no,
    transactionId: row.transaction_id ?? '',
    attemptId: row.attempt_id,
    source: row.source,
    state: row.state,
    amount: moneyOf(row.amount_minor, row.currency),
    orderTotal: moneyOf(row.order_total_minor, row.currency),
    reason: row.reason,
    notifyUrl: row.notify_url,
    fundsAccount: row.funds_account,
    method: row.method,
    userId: row.user_id,
    paymentReference: row.payment_reference,
    pspAccount: row.psp_account,
    feeBack: feeBackOf(row),
    pspReference: row.psp_reference,
    failure: row.failure,
    createdAt: row.created_at,
    sentAt: row.sent_at,
    succeededAt: row.succeeded_at,
    workAt: row.work_at,
    workedCount: row.worked_count,
  };
}

/** A merchant's refund leaves us our fee; of money that came too late we keep nothing. */
function feeBackOf(row: RefundRow): Money {
  const isOurs = row.psp_account === null || row.source === 'merchant';
  return moneyOf(isOurs ? '0' : (row.payment_fee_minor ?? '0'), row.currency);
}

export function toTopUp(row: TopUpRow): TopUp {
  return {
    id: row.id,
    userId: row.user_id,
    amount: moneyOf(row.amount_minor, row.currency),
    method: row.method,
    cardToken: row.card_token,
    state: row.state,
    pspReference: row.psp_reference,
    redirectUrl: row.redirect_url,
    failure: row.failure,
    createdAt: row.created_at,
    endedAt: row.ended_at,
    askAt: row.ask_at,
    askedCount: row.asked_count,
  };
}
