import type { EventData, Funds } from '@stuiver/contracts';
import { invariant } from '@stuiver/errors';
import type { Money } from '@stuiver/money';
import type { Attempt } from '../domain/attempt.js';
import type { Dispute } from '../domain/dispute.js';
import type { Order, PayMethod, Refund } from '../domain/order.js';

/*
 * The facts about money, each built in one place: the synchronous command and the event must say exactly the same, or
 * the ledger takes them for two different asks.
 */

/** Where money of this method comes from, and goes back to. */
function fundsOf(paid: {
  method: PayMethod;
  userId: string;
  mchid: string;
  pspAccount: string | null;
}): Funds {
  if (paid.method === 'wallet') return { kind: 'wallet', userId: paid.userId };
  return { kind: 'psp', psp: 'stripe', account: paid.pspAccount === null ? null : paid.mchid };
}

/** @param at  when the money came; for a wallet the moment of the confirm, so a repeat says the same. */
export function paymentFact(
  order: Order,
  attempt: Attempt,
  at: Date,
): EventData<'payment.succeeded.v1'> {
  const { method, fee } = attempt;
  invariant(method !== null && fee !== null, 'a confirmed attempt knows its method and fee');
  return {
    orderId: order.id,
    attemptId: attempt.id,
    merchantId: order.mchid,
    funds: fundsOf({ ...attempt, method, mchid: order.mchid }),
    method,
    ...moneyText(order.amount),
    feeMinor: fee.minor.toString(),
    pspReference: attempt.pspReference,
    ...metadataOf(attempt),
    succeededAt: at.toISOString(),
  };
}

/** The payment's own booking again, from what was stored when it was recorded. */
export function recordedPaymentFact(order: Order, attempt: Attempt) {
  invariant(order.payment !== null, 'a paid order knows its payment');
  return paymentFact(order, attempt, order.payment.paidAt);
}

/** @param money  what came, which may differ from what the order asked. */
export function latePaymentFact(
  order: Order,
  attempt: Attempt,
  came: { money: Money; at: Date },
): EventData<'payment.succeeded-late.v1'> {
  const { method, pspReference, pspAccount, fee } = attempt;
  invariant(method !== null && method !== 'wallet', 'only a PSP can bring money too late');
  invariant(fee !== null, 'a confirmed attempt knows its fee');
  invariant(pspReference !== null, 'money from the PSP has its reference');
  return {
    orderId: order.id,
    attemptId: attempt.id,
    merchantId: order.mchid,
    ...{ psp: 'stripe', method, account: pspAccount === null ? null : order.mchid },
    applicationFeeMinor: pspAccount === null ? '0' : fee.minor.toString(),
    ...moneyText(came.money),
    pspReference,
    ...metadataOf(attempt),
    succeededAt: came.at.toISOString(),
  };
}

/** As it was fixed at the confirm: every repeat of the command says the same, also when it is erased. */
function metadataOf({ metadataSha256, contentSalt }: Attempt) {
  return {
    ...(metadataSha256 === null ? {} : { metadataSha256 }),
    ...(contentSalt === null ? {} : { contentSalt }),
  };
}

export function refundRequestedFact(refund: Refund): EventData<'refund.requested.v1'> {
  return {
    ...refundIds(refund),
    attemptId: refund.attemptId,
    from: refund.source,
    ...moneyText(refund.amount),
    requestedAt: refund.createdAt.toISOString(),
  };
}

export function refundSucceededFact(refund: Refund, at: Date): EventData<'refund.succeeded.v1'> {
  return {
    ...refundIds(refund),
    to: fundsOf(refund),
    ...moneyText(refund.amount),
    feeBackMinor: refund.feeBack.minor.toString(),
    succeededAt: at.toISOString(),
  };
}

export function refundAbnormalFact(refund: Refund, why: string): EventData<'refund.abnormal.v1'> {
  return { ...refundIds(refund), ...moneyText(refund.amount), reason: why };
}

/** The PSP puts it on the platform's own balance, also when a connected account had paid it. */
export function refundReturnedFact(refund: Refund, at: Date): EventData<'refund.returned.v1'> {
  return {
    orderId: refund.orderId,
    refundId: refund.id,
    merchantId: refund.mchid,
    to: fundsOf({ ...refund, pspAccount: null }),
    ...moneyText(refund.amount),
    returnedAt: at.toISOString(),
  };
}

/** The PSP takes it from the platform's own balance, also when a connected account was paid. */
export function disputeWithdrawnFact(
  dispute: Dispute,
  { amount, at }: { amount: Money; at: Date },
): EventData<'dispute.withdrawn.v1'> {
  return { ...disputeIds(dispute), ...moneyText(amount), withdrawnAt: at.toISOString() };
}

export function disputeReturnedFact(
  dispute: Dispute,
  { amount, at }: { amount: Money; at: Date },
): EventData<'dispute.returned.v1'> {
  return { ...disputeIds(dispute), ...moneyText(amount), returnedAt: at.toISOString() };
}

function disputeIds({ id, orderId, mchid }: Dispute) {
  return { disputeId: id, orderId, merchantId: mchid, psp: 'stripe' } as const;
}

export function moneyText(money: Money) {
  return { amountMinor: money.minor.toString(), currency: money.currency };
}

function refundIds(refund: Refund) {
  const { orderId, id, mchid, outRefundNo } = refund;
  return { orderId, refundId: id, merchantId: mchid, outRefundNo };
}
