import type { EntityManager } from 'typeorm';
import type { Order, Refund } from '../../domain/order.js';

/** Books what a merchant is owed to hear, in the transaction that made it true. Said once per order or refund and type. */
export interface NotificationBook {
  oweOrderPaid(tx: EntityManager, order: Order): Promise<void>;
  oweRefund(
    tx: EntityManager,
    refund: Refund,
    status: 'SUCCESS' | 'ABNORMAL' | 'CLOSED',
  ): Promise<void>;
}
