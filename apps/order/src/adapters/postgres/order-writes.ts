import type { EntityManager } from 'typeorm';
import type { PostgresAuditTrail } from '@stuiver/audit';
import type { Outbox } from '@stuiver/bus';
import { invariant } from '@stuiver/errors';
import type { AuditEntry } from '@stuiver/ports';
import type { Attempt, AttemptMetadata } from '../../domain/attempt.js';
import type { Dispute } from '../../domain/dispute.js';
import type { Order, OrderPayment, Prepay, Refund } from '../../domain/order.js';
import type { PricesInForce } from '../../domain/price-list.js';
import type { TopUp } from '../../domain/top-up.js';
import type { Fact, NewOrder, OrderName, OrderWrites } from '../../use-cases/ports.js';
import type { NotificationBook } from './notification-book.js';
import { disputeOf, isChargedBack, saveDispute } from './dispute-rows.js';
import { OrderReads, type Query, whereOf } from './order-reads.js';
import { pricesInForce } from './price-rows.js';
import { ReviewRows, reviewsWithdrawn } from './review-rows.js';

/** What is written beside the orders, in their transaction. */
export interface OrderBooks {
  readonly outbox: Outbox;
  readonly notifications: NotificationBook;
  readonly trail: PostgresAuditTrail;
}

/** One transaction on the orders schema. */
export class PostgresOrderWrites implements OrderWrites {
  private readonly reads: OrderReads;
  readonly reviews: ReviewRows;

  constructor(
    protected readonly tx: EntityManager,
    private readonly books: OrderBooks,
  ) {
    const query: Query = (sql, values) => tx.query(sql, [...values]);
    this.reads = new OrderReads(query);
    this.reviews = new ReviewRows(query);
  }

  audit(entry: AuditEntry): Promise<void> {
    return this.books.trail.append(this.tx, entry);
  }

  /** Locks first and reads then: a join read in the locking statement could be older than the locked row. */
  async lockOrder(name: OrderName): Promise<Order | undefined> {
    const { where, values } = whereOf(name);
    const sql = `select o.id from orders.payment_order o where ${where} for update`;
    const [locked] = await this.tx.query<{ id: string }[]>(sql, [...values]);
    return locked && this.reads.order({ id: locked.id });
  }

  async insertOrder({ order, parametersSha256 }: NewOrder): Promise<boolean> {
    const rows = await this.tx.query<unknown[]>(
      `insert into orders.payment_order (id, mchid, appid, out_trade_no, state, trade_type,
         description, attach, notify_url, amount_minor, currency, user_id, openid, extra,
         parameters_sha256, created_at, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
       on conflict (mchid, out_trade_no) do nothing returning id`,
      [
        ...[order.id, order.mchid, order.appid, order.outTradeNo, order.state, order.tradeType],
        ...[order.description, order.attach, order.notifyUrl, order.amount.minor.toString()],
        ...[order.amount.currency, order.userId, order.openid, JSON.stringify(order.extra)],
        ...[Buffer.from(parametersSha256), order.createdAt, order.expiresAt],
      ],
    );
    return rows.length === 1;
  }

  async parametersOf(orderId: string): Promise<Uint8Array> {
    const sql = 'select parameters_sha256 from orders.payment_order where id = $1';
    return this.hash(sql, orderId);
  }

  async savePaid(orderId: string, payment: OrderPayment): Promise<void> {
    await this.changeOne(
      `with nobody_waits as (${reviewsWithdrawn('$7')})
       update orders.payment_order set state = 'SUCCESS', transaction_id = $2, paid_attempt_id = $3,
         paid_by_user_id = $4, method = $5, fee_minor = $6, paid_at = $7
       where id = $1 and state = 'NOTPAY'`,
      [
        ...[orderId, payment.transactionId, payment.attemptId, payment.userId, payment.method],
        ...[payment.fee.minor.toString(), payment.paidAt],
      ],
    );
  }

  async saveRefunds(
    orderId: string,
    after: { state: Order['state']; refundedMinor: bigint },
  ): Promise<void> {
    const sql = 'update orders.payment_order set state = $2, refunded_minor = $3 where id = $1';
    await this.changeOne(sql, [orderId, after.state, after.refundedMinor.toString()]);
  }

  async saveClosed(orderId: string, close: { reason: string; at: Date }): Promise<void> {
    await this.changeOne(
      `with nobody_waits as (${reviewsWithdrawn('$3')})
       update orders.payment_order set state = 'CLOSED', close_reason = $2, closed_at = $3
       where id = $1 and state = 'NOTPAY'`,
      [orderId, close.reason, close.at],
    );
  }

  async insertPrepay(prepay: Prepay): Promise<void> {
    await this.tx.query(
      `insert into orders.prepay (prepay_id, order_id, code, created_at, expires_at)
       values ($1, $2, $3, $4, $5)`,
      [prepay.prepayId, prepay.orderId, prepay.code, prepay.createdAt, prepay.expiresAt],
    );
  }

  async retireCodes(orderId: string, at: Date): Promise<void> {
    await this.tx.query(
      `update orders.prepay set retired_at = $2
       where order_id = $1 and code is not null and retired_at is null`,
      [orderId, at],
    );
  }

  attempt(id: string): Promise<Attempt | undefined> {
    return this.reads.attempt(id);
  }

  attemptsOf(orderId: string): Promise<readonly Attempt[]> {
    return this.reads.attemptsOf(orderId);
  }

  pricesAt(mchid: string, at: Date): Promise<PricesInForce | undefined> {
    return pricesInForce((sql, parameters) => this.tx.query(sql, [...parameters]), mchid, at);
  }

  async insertAttempt(attempt: Attempt): Promise<void> {
    await this.tx.query(
      `insert into orders.attempt (id, order_id, prepay_id, user_id, state, created_at)
       values ($1, $2, $3, $4, $5, $6)`,
      [
        ...[attempt.id, attempt.orderId, attempt.prepayId, attempt.userId, attempt.state],
        attempt.createdAt,
      ],
    );
  }

  async saveAttempt(attempt: Attempt): Promise<void> {
    await this.changeOne(
      `update orders.attempt set state = $2, method = $3, fee_minor = $4, psp_reference = $5,
         redirect_url = $6, return_url = $7, card_token = $8, failure = $9, confirmed_at = $10,
         ended_at = $11, ask_at = $12, asked_count = $13, psp_account = $14,
         fee_vat_minor = $15, price_version_id = $16, held_until = $17
       where id = $1`,
      [
        ...[attempt.id, attempt.state, attempt.method, attempt.fee?.minor.toString() ?? null],
        ...[attempt.pspReference, attempt.redirectUrl, attempt.returnUrl, attempt.cardToken],
        ...[attempt.failure, attempt.confirmedAt, attempt.endedAt],
        ...[attempt.askAt, attempt.askedCount, attempt.pspAccount],
        ...[attempt.feeVat?.minor.toString() ?? '0', attempt.priceVersionId],
        attempt.heldUntil,
      ],
    );
  }

  async saveMetadata(attemptId: string, metadata: AttemptMetadata): Promise<void> {
    const { sha256, contentSalt, sealed } = metadata;
    await this.changeOne(
      `update orders.attempt set metadata_sha256 = $2, content_salt = $3, metadata_sealed = $4
       where id = $1`,
      [attemptId, Buffer.from(sha256, 'hex'), Buffer.from(contentSalt, 'hex'), Buffer.from(sealed)],
    );
  }

  refund(id: string): Promise<Refund | undefined> {
    return this.reads.refund(id);
  }

  refundByNumber(mchid: string, outRefundNo: string): Promise<Refund | undefined> {
    return this.reads.refundByNumber(mchid, outRefundNo);
  }

  async refundParameters(id: string): Promise<Uint8Array> {
    return this.hash('select parameters_sha256 from orders.refund where id = $1', id);
  }

  async insertRefund(refund: Refund, parametersSha256: Uint8Array): Promise<void> {
    await this.tx.query(
      `insert into orders.refund (id, refund_no, order_id, mchid, out_refund_no, attempt_id, source,
         state, amount_minor, currency, reason, notify_url, funds_account, parameters_sha256,
         created_at, work_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
      [
        ...[refund.id, refund.refundNo, refund.orderId, refund.mchid, refund.outRefundNo],
        ...[refund.attemptId, refund.source, refund.state, refund.amount.minor.toString()],
        ...[refund.amount.currency, refund.reason, refund.notifyUrl, refund.fundsAccount],
        ...[Buffer.from(parametersSha256), refund.createdAt, refund.workAt],
      ],
    );
  }

  async saveRefund(refund: Refund): Promise<void> {
    await this.changeOne(
      `update orders.refund set state = $2, psp_reference = $3, failure = $4, sent_at = $5,
         succeeded_at = $6, work_at = $7, worked_count = $8
       where id = $1`,
      [
        ...[refund.id, refund.state, refund.pspReference, refund.failure, refund.sentAt],
        ...[refund.succeededAt, refund.workAt, refund.workedCount],
      ],
    );
  }

  dispute(id: string): Promise<Dispute | undefined> {
    return disputeOf(this.tx, id);
  }

  saveDispute(dispute: Dispute): Promise<void> {
    return saveDispute(this.tx, dispute);
  }

  isChargedBack(orderId: string): Promise<boolean> {
    return isChargedBack(this.tx, orderId);
  }

  async lockTopUp(id: string): Promise<TopUp | undefined> {
    await this.tx.query('select 1 from orders.top_up where id = $1 for update', [id]);
    return this.reads.topUp(id);
  }

  async insertTopUp(topUp: TopUp): Promise<void> {
    await this.tx.query(
      `insert into orders.top_up (id, user_id, amount_minor, currency, method, card_token, state,
         created_at, ask_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        ...[topUp.id, topUp.userId, topUp.amount.minor.toString(), topUp.amount.currency],
        ...[topUp.method, topUp.cardToken, topUp.state, topUp.createdAt, topUp.askAt],
      ],
    );
  }

  async saveTopUp(topUp: TopUp): Promise<void> {
    await this.changeOne(
      `update orders.top_up set state = $2, psp_reference = $3, redirect_url = $4, failure = $5,
         ended_at = $6, ask_at = $7, asked_count = $8
       where id = $1`,
      [
        ...[topUp.id, topUp.state, topUp.pspReference, topUp.redirectUrl, topUp.failure],
        ...[topUp.endedAt, topUp.askAt, topUp.askedCount],
      ],
    );
  }

  async openidOf(appid: string, userId: string): Promise<string | undefined> {
    const sql = 'select openid from orders.openid where appid = $1 and user_id = $2';
    const [row] = await this.tx.query<{ openid: string }[]>(sql, [appid, userId]);
    return row?.openid;
  }

  async refundCount(orderId: string): Promise<number> {
    const [row] = await this.tx.query<{ count: number }[]>(
      `select count(*)::int as count from orders.refund
       where order_id = $1 and source = 'merchant' and state <> 'refused'`,
      [orderId],
    );
    return row?.count ?? 0;
  }

  say(fact: Fact): Promise<void> {
    return this.books.outbox.say(this.tx, fact);
  }

  oweOrderPaid(order: Order): Promise<void> {
    return this.books.notifications.oweOrderPaid(this.tx, order);
  }

  oweRefund(refund: Refund, status: 'SUCCESS' | 'ABNORMAL' | 'CLOSED'): Promise<void> {
    return this.books.notifications.oweRefund(this.tx, refund, status);
  }

  private async hash(sql: string, id: string): Promise<Uint8Array> {
    const [row] = await this.tx.query<{ parameters_sha256: Buffer }[]>(sql, [id]);
    invariant(row !== undefined, 'a row that was just read is still there');
    return row.parameters_sha256;
  }

  /** TypeORM answers an update with `[rows, count]`. */
  private async changeOne(sql: string, parameters: readonly unknown[]): Promise<void> {
    const [, count] = await this.tx.query<[unknown[], number]>(sql, [...parameters]);
    invariant(count === 1, 'a locked row is still there, in its state, when it is saved');
  }
}
