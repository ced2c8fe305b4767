import type { Attempt } from '../../domain/attempt.js';
import type { Order, Prepay, Refund } from '../../domain/order.js';
import type { TopUp } from '../../domain/top-up.js';
import type { OrderName } from '../../use-cases/ports.js';
import {
  type AttemptRow,
  type OrderRow,
  type PrepayRow,
  type RefundRow,
  toAttempt,
  toOrder,
  toPrepay,
  toRefund,
  toTopUp,
  type TopUpRow,
} from './order-rows.js';

/** Runs one statement, inside a transaction or outside. */
export type Query = <Row>(sql: string, parameters: readonly unknown[]) => Promise<Row[]>;

const ORDER = `select o.*, p.openid as payer_openid from orders.payment_order o
  left join orders.openid p on p.appid = o.appid and p.user_id = o.paid_by_user_id`;
const ATTEMPT = `select a.*, o.currency from orders.attempt a
  join orders.payment_order o on o.id = a.order_id`;
const REFUND = `select r.*, o.out_trade_no, o.transaction_id, o.amount_minor as order_total_minor,
    a.method, a.user_id, a.psp_reference as payment_reference, a.psp_account,
    a.fee_minor as payment_fee_minor
  from orders.refund r
  join orders.payment_order o on o.id = r.order_id
  join orders.attempt a on a.id = r.attempt_id`;

/** The same look-ups for reads and for writes: which snapshot they see depends on the query they are given. */
export class OrderReads {
  constructor(private readonly query: Query) {}

  async order(name: OrderName): Promise<Order | undefined> {
    const { where, values } = whereOf(name);
    const [row] = await this.query<OrderRow>(`${ORDER} where ${where}`, values);
    return row && toOrder(row);
  }

  async prepay(by: { prepayId: string } | { code: string }): Promise<Prepay | undefined> {
    const [column, value] = 'code' in by ? ['code', by.code] : ['prepay_id', by.prepayId];
    const sql = `select * from orders.prepay where ${column} = $1`;
    const [row] = await this.query<PrepayRow>(sql, [value]);
    return row && toPrepay(row);
  }

  async attempt(id: string): Promise<Attempt | undefined> {
    const [row] = await this.query<AttemptRow>(`${ATTEMPT} where a.id = $1`, [id]);
    return row && toAttempt(row);
  }

  async attemptByReference(reference: string): Promise<Attempt | undefined> {
    const sql = `${ATTEMPT} where a.psp_reference = $1`;
    const [row] = await this.query<AttemptRow>(sql, [reference]);
    return row && toAttempt(row);
  }

  async sealedMetadata(attemptId: string): Promise<Uint8Array | null> {
    const sql = 'select metadata_sealed from orders.attempt where id = $1';
    const [row] = await this.query<{ metadata_sealed: Buffer | null }>(sql, [attemptId]);
    return row?.metadata_sealed ?? null;
  }

  async attemptsOf(orderId: string): Promise<Attempt[]> {
    const sql = `${ATTEMPT} where a.order_id = $1 order by a.created_at, a.id`;
    return (await this.query<AttemptRow>(sql, [orderId])).map(toAttempt);
  }

  async refund(id: string): Promise<Refund | undefined> {
    const [row] = await this.query<RefundRow>(`${REFUND} where r.id = $1`, [id]);
    return row && toRefund(row);
  }

  async refundByNumber(mchid: string, outRefundNo: string): Promise<Refund | undefined> {
    const sql = `${REFUND} where r.mchid = $1 and r.out_refund_no = $2 and r.state <> 'refused'`;
    const [row] = await this.query<RefundRow>(sql, [mchid, outRefundNo]);
    return row && toRefund(row);
  }

  async refundByReference(reference: string): Promise<Refund | undefined> {
    const [row] = await this.query<RefundRow>(`${REFUND} where r.psp_reference = $1`, [reference]);
    return row && toRefund(row);
  }

  async topUp(id: string): Promise<TopUp | undefined> {
    const [row] = await this.query<TopUpRow>('select * from orders.top_up where id = $1', [id]);
    return row && toTopUp(row);
  }

  async topUpByReference(reference: string): Promise<TopUp | undefined> {
    const sql = 'select * from orders.top_up where psp_reference = $1';
    const [row] = await this.query<TopUpRow>(sql, [reference]);
    return row && toTopUp(row);
  }
}

export function whereOf(name: OrderName): { where: string; values: readonly string[] } {
  if ('id' in name) return { where: 'o.id = $1', values: [name.id] };
  if ('outTradeNo' in name) {
    return { where: 'o.mchid = $1 and o.out_trade_no = $2', values: [name.mchid, name.outTradeNo] };
  }
  const values = [name.mchid, name.transactionId];
  return { where: 'o.mchid = $1 and o.transaction_id = $2', values };
}
