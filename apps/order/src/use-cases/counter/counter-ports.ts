import type { CounterCode, CounterCodeKind, CounterKind } from '../../domain/counter-code.js';
import type { Order } from '../../domain/order.js';
import type { OrderWrites } from '../ports.js';

/** Why an order was opened at the counter, and for whom. */
export type CounterOrigin =
  | { readonly kind: 'till'; readonly staffId: string }
  | { readonly kind: CounterCodeKind; readonly codeId: string; readonly userId: string };

/** An order of the counter and the living code that opens a sheet on it; null when there is none any more. */
export interface CounterOrder {
  readonly order: Order;
  readonly kind: CounterKind;
  readonly code: string | null;
}

/** What the counter writes, in the transaction of the order itself. */
export interface CounterWrites extends OrderWrites {
  /** Until the transaction ends nobody else works on the same request. */
  lockRequest(request: CounterRequest): Promise<void>;
  counterOrder(request: CounterRequest): Promise<CounterOrder | undefined>;
  insertCounterOrder(row: {
    readonly order: Order;
    readonly request: CounterRequest;
    readonly origin: CounterOrigin;
  }): Promise<void>;

  lockCode(by: { id: string; mchid: string } | { code: string }): Promise<CounterCode | undefined>;
  codeByRequest(request: CounterRequest): Promise<CounterCode | undefined>;
  insertCode(code: CounterCode, requestId: string): Promise<void>;
  saveWithdrawn(codeId: string, at: Date | null): Promise<void>;
  /** Orders through a code that may still be paid, oldest first; those of a link also when they are paid. */
  livingOrders(code: CounterCode): Promise<readonly LivingOrder[]>;
}

/** An order through a code that counts: it is paid, or may still be. */
export interface LivingOrder {
  readonly orderId: string;
  readonly outTradeNo: string;
  readonly isPaid: boolean;
  readonly amountMinor: bigint;
  readonly expiresAt: Date;
  /** What opens a sheet on it; null when there is nothing any more. */
  readonly code: string | null;
  /** The payer for whom it was opened. */
  readonly userId: string;
}

/** What a page asked for, so that asking twice is asking once. */
export interface CounterRequest {
  readonly mchid: string;
  readonly key: string;
}

export interface CounterStore {
  /** One transaction; no network call belongs inside. */
  run<T>(work: (writes: CounterWrites) => Promise<T>): Promise<T>;
  /** The merchant's counter as orders name it; it is made when it is first needed. @throws Refusal NOT_FOUND */
  appidOf(mchid: string): Promise<string>;
  findCode(code: string): Promise<(CounterCode & { readonly merchantName: string }) | undefined>;
  /** Payments that came in through a code. */
  paidCount(codeId: string): Promise<number>;
  /** The till's order of this merchant. */
  tillOrder(mchid: string, orderId: string): Promise<Order | undefined>;
}
