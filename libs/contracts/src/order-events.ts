import { z } from 'zod';
import { agreementChange } from './agreement-events.js';
import {
  ContentSaltField,
  CurrencyField,
  InstantField,
  MetadataHashField,
  MethodField,
  MinorTextField,
} from './envelope.js';

/** Where the money of a payment came from, or a refund goes to. */
export const FundsField = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('wallet'), userId: z.string() }),
  z.strictObject({
    kind: z.literal('psp'),
    psp: z.literal('stripe'),
    /** The merchant whose connected account at the PSP holds it; null: the platform's own balance does. */
    account: z.string().nullable(),
  }),
]);
export type Funds = z.infer<typeof FundsField>;

/** A merchant's order exists and can be paid. Key: orderId. */
export const OrderOpenedV1 = z.strictObject({
  orderId: z.string(),
  merchantId: z.string(),
  appid: z.string(),
  outTradeNo: z.string(),
  tradeType: z.enum(['JSAPI', 'NATIVE', 'APP', 'MWEB']),
  description: z.string(),
  amountMinor: MinorTextField,
  currency: CurrencyField,
  expiresAt: InstantField,
});

/**
 * Said once per attempt that got money for its order, in the transaction that made it `succeeded`. The ledger books
 * gross and fee; its command id comes from attemptId. Key: orderId. A consumer may see it twice and must not mind.
 */
export const PaymentSucceededV1 = z.strictObject({
  orderId: z.string(),
  attemptId: z.string(),
  merchantId: z.string(),
  funds: FundsField,
  method: MethodField,
  amountMinor: MinorTextField,
  feeMinor: MinorTextField,
  currency: CurrencyField,
  pspReference: z.string().nullable(),
  metadataSha256: MetadataHashField.optional(),
  contentSalt: ContentSaltField.optional(),
  succeededAt: InstantField,
});

/** Money came for an order that cannot take it (closed, or paid by another attempt): it is owed back. Key: orderId. */
export const PaymentSucceededLateV1 = z.strictObject({
  orderId: z.string(),
  attemptId: z.string(),
  merchantId: z.string(),
  psp: z.literal('stripe'),
  /** As in `FundsField`. */
  account: z.string().nullable(),
  /** What the PSP passed on from that account to us; nothing without one. It goes back with the money. */
  applicationFeeMinor: MinorTextField,
  method: MethodField,
  amountMinor: MinorTextField,
  currency: CurrencyField,
  pspReference: z.string(),
  metadataSha256: MetadataHashField.optional(),
  contentSalt: ContentSaltField.optional(),
  succeededAt: InstantField,
});

/** The order changed to SUCCESS: the merchant is told. Key: orderId. */
export const OrderPaidV1 = z.strictObject({
  orderId: z.string(),
  attemptId: z.string(),
  merchantId: z.string(),
  appid: z.string(),
  outTradeNo: z.string(),
  transactionId: z.string(),
  description: z.string(),
  method: MethodField,
  amountMinor: MinorTextField,
  feeMinor: MinorTextField,
  currency: CurrencyField,
  paidAt: InstantField,
});

/** Closed by the merchant or by expiry; no attempt can succeed in time any more. Key: orderId. */
export const OrderClosedV1 = z.strictObject({
  orderId: z.string(),
  merchantId: z.string(),
  outTradeNo: z.string(),
  reason: z.enum(['merchant', 'expired']),
});

/** Whose money a refund takes: the merchant's, or a late payment that nobody may keep. */
export const RefundFromField = z.enum(['merchant', 'late-payment']);

/** The ledger holds the money for this refund in transit; the payer is owed it. Key: orderId. */
export const RefundRequestedV1 = z.strictObject({
  orderId: z.string(),
  refundId: z.string(),
  attemptId: z.string(),
  merchantId: z.string(),
  outRefundNo: z.string(),
  from: RefundFromField,
  amountMinor: MinorTextField,
  currency: CurrencyField,
  requestedAt: InstantField,
});

/** The payer has it back. Key: orderId. */
export const RefundSucceededV1 = z.strictObject({
  orderId: z.string(),
  refundId: z.string(),
  merchantId: z.string(),
  outRefundNo: z.string(),
  to: FundsField,
  amountMinor: MinorTextField,
  /** What of our fee the PSP gave back to the connected account with it. */
  feeBackMinor: MinorTextField,
  currency: CurrencyField,
  succeededAt: InstantField,
});

/** The payer's bank did not take it; the money stays in transit until a person decides. Key: orderId. */
export const RefundAbnormalV1 = z.strictObject({
  orderId: z.string(),
  refundId: z.string(),
  merchantId: z.string(),
  outRefundNo: z.string(),
  amountMinor: MinorTextField,
  currency: CurrencyField,
  reason: z.string(),
});

/** A refund that had succeeded came back from the payer's bank: it is owed again. Key: orderId. */
export const RefundReturnedV1 = z.strictObject({
  orderId: z.string(),
  refundId: z.string(),
  merchantId: z.string(),
  to: FundsField,
  amountMinor: MinorTextField,
  currency: CurrencyField,
  returnedAt: InstantField,
});

const disputed = {
  /** The PSP's own id of the dispute. */
  disputeId: z.string(),
  /** Null: it is over a top-up. */
  orderId: z.string().nullable(),
  /** Whose money it is; null: nobody's of ours, a person looks at it. */
  merchantId: z.string().nullable(),
  psp: z.literal('stripe'),
  amountMinor: MinorTextField,
  currency: CurrencyField,
};

/** The payer's bank took a payment back from our balance at the PSP. Said once per dispute. Key: orderId, or the top-up's id. */
export const DisputeWithdrawnV1 = z.strictObject({ ...disputed, withdrawnAt: InstantField });

/** A dispute was won: what it took is on our balance again. Said once, after it was taken. Key: as `dispute.withdrawn.v1`. */
export const DisputeReturnedV1 = z.strictObject({ ...disputed, returnedAt: InstantField });

/** Money came in for a payer's own wallet. Key: userId. */
export const TopUpSucceededV1 = z.strictObject({
  topUpId: z.string(),
  userId: z.string(),
  psp: z.literal('stripe'),
  method: MethodField,
  amountMinor: MinorTextField,
  currency: CurrencyField,
  pspReference: z.string(),
  succeededAt: InstantField,
});

/** A payment, refund or top-up and its booking in the ledger no longer say the same, or agree again. Key: `agreement:{commandId}`. */
export const OrderAgreementChangedV1 = z.strictObject(agreementChange);

export const ORDER_EVENTS = {
  'order.opened.v1': OrderOpenedV1,
  'payment.succeeded.v1': PaymentSucceededV1,
  'payment.succeeded-late.v1': PaymentSucceededLateV1,
  'order.paid.v1': OrderPaidV1,
  'order.closed.v1': OrderClosedV1,
  'refund.requested.v1': RefundRequestedV1,
  'refund.succeeded.v1': RefundSucceededV1,
  'refund.abnormal.v1': RefundAbnormalV1,
  'refund.returned.v1': RefundReturnedV1,
  'dispute.withdrawn.v1': DisputeWithdrawnV1,
  'dispute.returned.v1': DisputeReturnedV1,
  'top-up.succeeded.v1': TopUpSucceededV1,
  'order.agreement-changed.v1': OrderAgreementChangedV1,
} as const;
