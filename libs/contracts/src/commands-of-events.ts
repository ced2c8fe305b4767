import { commandIdOf } from '@stuiver/ids';
import type { EventData } from './events.js';
import type { LedgerCommandOf } from './ledger-commands.js';

/*
 * What each fact makes the ledger do. The service that cannot wait builds the command here and submits it; the event
 * that tells the same fact builds it here too, so both are one command with one id.
 */

export function paymentCommand(
  fact: EventData<'payment.succeeded.v1'>,
): LedgerCommandOf<'payment'> {
  const { attemptId, orderId, merchantId, funds, amountMinor, feeMinor, currency } = fact;
  return {
    kind: 'payment',
    id: commandIdOf('payment', attemptId),
    effectiveAt: fact.succeededAt,
    attemptId,
    orderId,
    merchantId,
    funds,
    amountMinor,
    feeMinor,
    currency,
    ...metadataOf(fact),
  };
}

export function latePaymentCommand(
  fact: EventData<'payment.succeeded-late.v1'>,
): LedgerCommandOf<'late-payment'> {
  const { attemptId, orderId, merchantId, psp, account, applicationFeeMinor } = fact;
  const { amountMinor, currency } = fact;
  return {
    kind: 'late-payment',
    id: commandIdOf('late-payment', attemptId),
    effectiveAt: fact.succeededAt,
    attemptId,
    orderId,
    merchantId,
    psp,
    account,
    applicationFeeMinor,
    amountMinor,
    currency,
    ...metadataOf(fact),
  };
}

export function refundRequestCommand(
  fact: EventData<'refund.requested.v1'>,
): LedgerCommandOf<'refund-request'> {
  const { refundId, attemptId, orderId, merchantId, from, amountMinor, currency } = fact;
  return {
    kind: 'refund-request',
    id: commandIdOf('refund-request', refundId),
    effectiveAt: fact.requestedAt,
    refundId,
    attemptId,
    orderId,
    merchantId,
    from,
    amountMinor,
    currency,
  };
}

export function refundSuccessCommand(
  fact: EventData<'refund.succeeded.v1'>,
): LedgerCommandOf<'refund-success'> {
  const { refundId, orderId, merchantId, to, amountMinor, feeBackMinor, currency } = fact;
  return {
    kind: 'refund-success',
    id: commandIdOf('refund-success', refundId),
    effectiveAt: fact.succeededAt,
    refundId,
    orderId,
    merchantId,
    to,
    amountMinor,
    feeBackMinor,
    currency,
  };
}

export function refundReturnCommand(
  fact: EventData<'refund.returned.v1'>,
): LedgerCommandOf<'refund-return'> {
  const { refundId, orderId, merchantId, to, amountMinor, currency } = fact;
  return {
    kind: 'refund-return',
    id: commandIdOf('refund-return', refundId),
    effectiveAt: fact.returnedAt,
    refundId,
    orderId,
    merchantId,
    to,
    amountMinor,
    currency,
  };
}

export function disputeWithdrawalCommand(
  fact: EventData<'dispute.withdrawn.v1'>,
): LedgerCommandOf<'dispute-withdrawal'> {
  const { withdrawnAt, ...disputed } = fact;
  return {
    kind: 'dispute-withdrawal',
    id: commandIdOf('dispute-withdrawal', fact.disputeId),
    effectiveAt: withdrawnAt,
    ...disputed,
  };
}

export function disputeReturnCommand(
  fact: EventData<'dispute.returned.v1'>,
): LedgerCommandOf<'dispute-return'> {
  const { returnedAt, ...disputed } = fact;
  return {
    kind: 'dispute-return',
    id: commandIdOf('dispute-return', fact.disputeId),
    effectiveAt: returnedAt,
    ...disputed,
  };
}

export function topUpCommand(fact: EventData<'top-up.succeeded.v1'>): LedgerCommandOf<'top-up'> {
  const { topUpId, userId, psp, amountMinor, currency } = fact;
  return {
    kind: 'top-up',
    id: commandIdOf('top-up', topUpId),
    effectiveAt: fact.succeededAt,
    topUpId,
    userId,
    psp,
    amountMinor,
    currency,
  };
}

/** Left out when there is none: an absent field and an undefined one are not the same text. */
function metadataOf(fact: MetadataFields): MetadataFields {
  const { metadataSha256, contentSalt } = fact;
  return {
    ...(metadataSha256 === undefined ? {} : { metadataSha256 }),
    ...(contentSalt === undefined ? {} : { contentSalt }),
  };
}

interface MetadataFields {
  readonly metadataSha256?: string | undefined;
  readonly contentSalt?: string | undefined;
}
