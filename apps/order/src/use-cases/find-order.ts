import { Refusal } from '@stuiver/errors';
import type { Order } from '../domain/order.js';
import type { OrderName, OrderStore } from './ports.js';

/** Another merchant's order does not exist for the one who asks. */
export class FindOrder {
  constructor(private readonly orders: Pick<OrderStore, 'order'>) {}

  /** @throws Refusal ORDER_NOT_EXIST */
  async byOutTradeNo(mchid: string, outTradeNo: string): Promise<Order> {
    return this.find({ mchid, outTradeNo }, { out_trade_no: outTradeNo });
  }

  /** @throws Refusal ORDER_NOT_EXIST: also for an order that was never paid, which has no transaction id. */
  async byTransactionId(mchid: string, transactionId: string): Promise<Order> {
    return this.find({ mchid, transactionId }, { transaction_id: transactionId });
  }

  private async find(name: OrderName, facts: Record<string, string>): Promise<Order> {
    const order = await this.orders.order(name);
    if (order === undefined) throw new Refusal('ORDER_NOT_EXIST', facts);
    return order;
  }
}
