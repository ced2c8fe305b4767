import type { EventData, EventType } from '@stuiver/contracts';
import type { AuditWrites } from '@stuiver/ports';
import type { Attempt, AttemptMetadata } from '../domain/attempt.js';
import type { Dispute } from '../domain/dispute.js';
import type { PricesInForce } from '../domain/price-list.js';
import type { Order, OrderPayment, Prepay, Refund } from '../domain/order.js';
import type { TopUp } from '../domain/top-up.js';
import type { ReviewWrites } from './risk/risk-ports.js';

/** A fact to tell; it is written in the transaction that made it true. */
export type Fact = {
  [Type in EventType]: {
    readonly type: Type;
    readonly subject: string;
    readonly data: EventData<Type>;
  };
}[EventType];

/** How a merchant may name an order. */
export type OrderName =
  | { readonly id: string }
  | { readonly mchid: string; readonly outTradeNo: string }
  | { readonly mchid: string; readonly transactionId: string };

export interface NewOrder {
  readonly order: Order;
  /** Over the canonical request: the same number with other parameters is refused. */
  readonly parametersSha256: Uint8Array;
}

/**
 * What may be written about orders inside one transaction. Everything about one order happens under its row lock, so
 * its attempts and refunds are read again after `lockOrder`.
 */
export interface OrderWrites extends AuditWrites {
  readonly reviews: ReviewWrites;
  lockOrder(name: OrderName): Promise<Order | undefined>;
  /** False when the merchant's number is taken already. */
  insertOrder(order: NewOrder): Promise<boolean>;
  parametersOf(orderId: string): Promise<Uint8Array>;
  /** Nobody looks at it any more: its reviews that wait are withdrawn. */
  savePaid(orderId: string, payment: OrderPayment): Promise<void>;
  saveRefunds(
    orderId: string,
    after: { state: Order['state']; refundedMinor: bigint },
  ): Promise<void>;
  /** Likewise. */
  saveClosed(orderId: string, close: { reason: 'merchant' | 'expired'; at: Date }): Promise<void>;

  insertPrepay(prepay: Prepay): Promise<void>;
  retireCodes(orderId: string, at: Date): Promise<void>;

  attempt(id: string): Promise<Attempt | undefined>;
  attemptsOf(orderId: string): Promise<readonly Attempt[]>;
  /** Undefined: neither the merchant's list nor the standard one has begun. */
  pricesAt(mchid: string, at: Date): Promise<PricesInForce | undefined>;
  insertAttempt(attempt: Attempt): Promise<void>;
  saveAttempt(attempt: Attempt): Promise<void>;
  /** Once, when it is confirmed. */
  saveMetadata(attemptId: string, metadata: AttemptMetadata): Promise<void>;

  refund(id: string): Promise<Refund | undefined>;
  /** The refund that holds this number; refused ones gave it up. */
  refundByNumber(mchid: string, outRefundNo: string): Promise<Refund | undefined>;
  refundParameters(id: string): Promise<Uint8Array>;
  insertRefund(refund: Refund, parametersSha256: Uint8Array): Promise<void>;
  saveRefund(refund: Refund): Promise<void>;

  dispute(id: string): Promise<Dispute | undefined>;
  /** As it stands now; the first time it is inserted. */
  saveDispute(dispute: Dispute): Promise<void>;
  /** Whether a payer's bank holds, or has taken for good, money of this order. */
  isChargedBack(orderId: string): Promise<boolean>;

  lockTopUp(id: string): Promise<TopUp | undefined>;
  insertTopUp(topUp: TopUp): Promise<void>;
  saveTopUp(topUp: TopUp): Promise<void>;

  say(fact: Fact): Promise<void>;
  /** Read in this transaction: a second connection taken while one is held can starve the pool. */
  openidOf(appid: string, userId: string): Promise<string | undefined>;
  /** Refunds that hold a number, refused ones not counted. */
  refundCount(orderId: string): Promise<number>;
  /** Books the notification the merchant is owed, in this transaction. */
  oweOrderPaid(order: Order): Promise<void>;
  oweRefund(refund: Refund, status: 'SUCCESS' | 'ABNORMAL' | 'CLOSED'): Promise<void>;
}

/** Where orders are kept. Reads outside `run` see what is committed. */
export interface OrderStore {
  /** One transaction; no network call belongs inside. */
  run<T>(work: (writes: OrderWrites) => Promise<T>): Promise<T>;
  order(name: OrderName): Promise<Order | undefined>;
  prepay(by: { prepayId: string } | { code: string }): Promise<Prepay | undefined>;
  attempt(id: string): Promise<Attempt | undefined>;
  /** What an attempt says of its payer, as it is kept; null when there is nothing, or it was erased. */
  sealedMetadata(attemptId: string): Promise<Uint8Array | null>;
  attemptByReference(pspReference: string): Promise<Attempt | undefined>;
  refund(id: string): Promise<Refund | undefined>;
  refundByNumber(mchid: string, outRefundNo: string): Promise<Refund | undefined>;
  refundByReference(pspReference: string): Promise<Refund | undefined>;
  topUp(id: string): Promise<TopUp | undefined>;
  topUpByReference(pspReference: string): Promise<TopUp | undefined>;
}

/**
 * What is due, oldest first. Taking a row moves its time to the end of the lease, so two processes do not ask the same
 * question at once, and a question that failed is asked again when the lease is over.
 */
export interface DueWork {
  takeAttempts(take: Take): Promise<readonly string[]>;
  takeRefunds(take: Take): Promise<readonly string[]>;
  takeTopUps(take: Take): Promise<readonly string[]>;
  takeDisputes(take: Take): Promise<readonly string[]>;
  expiredOrders(take: Take): Promise<readonly string[]>;
  /** Reviews that nobody decided in time. */
  overdueReviews(take: Take): Promise<readonly string[]>;
  /**
   * Everything open is asked about at once: at start, when nobody knows what the last process was doing, and when the PSP
   * is back.
   */
  makeAllDue(now: Date): Promise<void>;
}

export interface Take {
  readonly now: Date;
  readonly limit: number;
  readonly leaseUntil: Date;
}

export interface MiniProgram {
  readonly appid: string;
  readonly mchid: string;
  readonly merchantName: string;
  readonly name: string;
  readonly description: string;
}

/** Who may ask for payments, read only. */
export interface Directory {
  miniProgram(appid: string): Promise<MiniProgram | undefined>;
  miniPrograms(): Promise<readonly MiniProgram[]>;
  /** Public keys (PEM) of the merchant's certificates that are neither revoked nor over. */
  liveMerchantKeys(mchid: string, now: Date): Promise<readonly string[]>;
}

/** Pairwise ids: one openid per user and mini-program. */
export interface Openids {
  find(appid: string, userId: string): Promise<string | undefined>;
  /** The stored openid, or this one when there is none yet. */
  keep(id: { appid: string; userId: string; openid: string; at: Date }): Promise<string>;
  userOf(appid: string, openid: string): Promise<string | undefined>;
}

/** Wakes the work that a transaction just made due, so nobody waits for the next sweep. */
export interface Wake {
  outbox(): void;
  refunds(): void;
  pspInbox(): void;
}
