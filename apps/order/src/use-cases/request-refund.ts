import { LedgerUnavailable } from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';
import { newId, randomDigits } from '@stuiver/ids';
import { Money } from '@stuiver/money';
import {
  type AuditEntry,
  type Clock,
  type CrashPoints,
  currentActor,
  type Random,
} from '@stuiver/ports';
import { nextAskAt } from '../domain/ask-ladder.js';
import type { Attempt } from '../domain/attempt.js';
import type { Order, Refund } from '../domain/order.js';
import type { AcceptRefund } from './accept-refund.js';
import { sameBytes, sha256OfRequest } from './canonical.js';
import { enabledCurrency } from './open-order.js';
import type { OrderStore, OrderWrites } from './ports.js';

export interface RefundRequest {
  readonly mchid: string;
  readonly by: { readonly outTradeNo: string } | { readonly transactionId: string };
  readonly outRefundNo: string;
  readonly amountMinor: bigint;
  /** What the merchant believes the order's total to be: it must be. */
  readonly totalMinor: bigint;
  readonly currency: string | undefined;
  readonly reason: string | null;
  readonly notifyUrl: string | null;
  readonly fundsAccount: string | null;
}

const REFUND_NO_DIGITS = 28;
const REFUNDS_PER_ORDER_MAX = 50;
const REFUNDABLE_MS = 365 * 86_400_000;

/**
 * Starts giving a payer money back. The same number with the same parameters is the same refund; a number that the
 * ledger refused may be used again.
 *
 * Source: the v3 contract, section 5.
 */
export class RequestRefund {
  constructor(
    private readonly orders: Pick<OrderStore, 'run'>,
    private readonly acceptRefund: AcceptRefund,
    private readonly tools: { clock: Clock; random: Random; crash: CrashPoints },
  ) {}

  /** @throws Refusal RESOURCE_NOT_EXISTS, PARAM_ERROR, INVALID_REQUEST, NOT_ENOUGH, SERVICE_UNAVAILABLE */
  async run(request: RefundRequest): Promise<Refund> {
    const currency = enabledCurrency(request.currency);
    const recorded = await this.orders.run((writes) => this.record(writes, request, currency));
    this.tools.crash.pass('refund.recorded');

    const answered = await this.accept(recorded.id);
    if (answered.state !== 'refused') return answered;
    throw new Refusal('NOT_ENOUGH', {
      field: 'amount.refund',
      rule: 'must be at most what the merchant has left',
      value: request.amountMinor.toString(),
    });
  }

  private async accept(refundId: string): Promise<Refund> {
    try {
      return await this.acceptRefund.run(refundId);
    } catch (error) {
      if (!(error instanceof LedgerUnavailable)) throw error;
      throw new Refusal('SERVICE_UNAVAILABLE', { refund_id: refundId }, { cause: error });
    }
  }

  private async record(
    writes: OrderWrites,
    request: RefundRequest,
    currency: 'EUR',
  ): Promise<Refund> {
    const { by, mchid } = request;
    const order = await writes.lockOrder({ mchid, ...by });
    if (order === undefined) throw new Refusal('RESOURCE_NOT_EXISTS', namedBy(request));
    const parameters = parametersOf(request, order);

    const before = await writes.refundByNumber(mchid, request.outRefundNo);
    if (before !== undefined) {
      const same = sameBytes(await writes.refundParameters(before.id), parameters);
      if (same && before.source === 'merchant') return before;
      throw refuse(
        'out_refund_no',
        'was used for a refund with other parameters',
        before.outRefundNo,
      );
    }
    const payment = payable(order, request);
    await this.checkLimits(writes, order, payment.paidAt);
    const refund = this.refundOf(request, order, {
      amount: Money.ofMinor(request.amountMinor, currency),
      payment,
      attempt: await writes.attempt(payment.attemptId),
    });
    await writes.insertRefund(refund, parameters);
    await writes.saveRefunds(order.id, {
      state: order.state,
      refundedMinor: order.refundedMinor + request.amountMinor,
    });
    // A merchant's own server asks by its signature: no act of staff.
    if (currentActor().kind !== 'system') await writes.audit(refundEntry(refund));
    return refund;
  }

  private async checkLimits(writes: OrderWrites, order: Order, paidAt: Date): Promise<void> {
    if (this.tools.clock.now().getTime() - paidAt.getTime() > REFUNDABLE_MS) {
      throw refuse('out_trade_no', 'must be of an order paid within a year', order.outTradeNo);
    }
    if (await writes.isChargedBack(order.id)) {
      const rule = 'must be of an order whose payment the payer’s bank did not take back';
      throw refuse('out_trade_no', rule, order.outTradeNo);
    }
    if ((await writes.refundCount(order.id)) >= REFUNDS_PER_ORDER_MAX) {
      const rule = `must be of an order with fewer than ${String(REFUNDS_PER_ORDER_MAX)} refunds`;
      throw refuse('out_trade_no', rule, order.outTradeNo);
    }
  }

  private refundOf(
    request: RefundRequest,
    order: Order,
    of: {
      amount: Money;
      payment: NonNullable<Order['payment']>;
      attempt: Attempt | undefined;
    },
  ): Refund {
    const now = this.tools.clock.now();
    const { outRefundNo, reason, notifyUrl, fundsAccount } = request;
    const { transactionId, attemptId, method, userId } = of.payment;
    return {
      id: newId('Refund', now, this.tools.random),
      refundNo: randomDigits(REFUND_NO_DIGITS, this.tools.random),
      ...{ orderId: order.id, mchid: order.mchid, outTradeNo: order.outTradeNo, outRefundNo },
      ...{ transactionId, attemptId, method, userId, reason, notifyUrl, fundsAccount },
      ...{ source: 'merchant', state: 'requested', amount: of.amount, orderTotal: order.amount },
      ...{ paymentReference: of.attempt?.pspReference ?? null, pspReference: null, failure: null },
      ...{ pspAccount: of.attempt?.pspAccount ?? null, feeBack: Money.zero(of.amount.currency) },
      ...{ createdAt: now, sentAt: null, succeededAt: null },
      // If this process dies on the next line, the refund loop carries on from here.
      workAt: nextAskAt(now, 0),
      workedCount: 0,
    };
  }
}

function refundEntry(refund: Refund): AuditEntry {
  const { id, orderId, amount, reason } = refund;
  const after = { orderId, amountMinor: String(amount.minor), currency: amount.currency };
  const entry = { act: 'refund-requested', subject: { kind: 'refund', id }, after } as const;
  return reason === null ? entry : { ...entry, reason };
}

/** The payment that can be given back. @throws Refusal INVALID_REQUEST, PARAM_ERROR */
function payable(order: Order, request: RefundRequest): NonNullable<Order['payment']> {
  if (order.payment === null) {
    throw refuse('out_trade_no', 'must be of a paid order', order.outTradeNo);
  }
  if (request.amountMinor < 1n) {
    throw new Refusal('PARAM_ERROR', {
      field: 'amount.refund',
      rule: 'must be a whole number of minor units, at least 1',
      value: request.amountMinor.toString(),
    });
  }
  if (request.totalMinor !== order.amount.minor) {
    const rule = `must be the order's total, ${order.amount.minor.toString()}`;
    throw new Refusal('PARAM_ERROR', {
      field: 'amount.total',
      rule,
      value: request.totalMinor.toString(),
    });
  }
  const left = order.amount.minor - order.refundedMinor;
  if (request.amountMinor > left) {
    const rule = `must be at most what is not refunded yet, ${left.toString()}`;
    throw refuse('amount.refund', rule, request.amountMinor.toString());
  }
  return order.payment;
}

function refuse(field: string, rule: string, value: string): Refusal {
  return new Refusal('INVALID_REQUEST', { field, rule, value });
}

function namedBy(request: RefundRequest): Record<string, string> {
  return 'outTradeNo' in request.by
    ? { out_trade_no: request.by.outTradeNo }
    : { transaction_id: request.by.transactionId };
}

/** By order id, so naming the order the other way is still the same request. */
function parametersOf(request: RefundRequest, order: Order): Uint8Array {
  const { amountMinor, totalMinor, reason, notifyUrl, fundsAccount } = request;
  return sha256OfRequest({
    ...{ orderId: order.id, amountMinor, totalMinor, reason, notifyUrl, fundsAccount },
  });
}
