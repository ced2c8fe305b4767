import { Refusal } from '@stuiver/errors';
import type { CloseOrder } from '../close-order.js';
import type { CounterStore } from './counter-ports.js';

/** A cashier calls off an order of the till. Safe to repeat. */
export class CancelTillOrder {
  constructor(
    private readonly counter: Pick<CounterStore, 'tillOrder'>,
    private readonly closeOrder: CloseOrder,
  ) {}

  /** @throws Refusal NOT_FOUND; ORDER_PAID; SERVICE_UNAVAILABLE while a payment's outcome is not known */
  async run(mchid: string, orderId: string): Promise<void> {
    const order = await this.counter.tillOrder(mchid, orderId);
    if (order === undefined) throw new Refusal('NOT_FOUND', { order: orderId });
    const subject = { kind: 'order', id: order.id } as const;
    const { outTradeNo } = order;
    await this.closeOrder.run({ mchid, outTradeNo }, { act: 'till-order-cancelled', subject });
  }
}
