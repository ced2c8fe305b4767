import { Refusal } from '@stuiver/errors';
import type { Refund } from '../domain/order.js';
import type { OrderStore } from './ports.js';

export class FindRefund {
  constructor(private readonly orders: Pick<OrderStore, 'refundByNumber'>) {}

  /** @throws Refusal RESOURCE_NOT_EXISTS: also for another merchant's refund, and for one the ledger refused. */
  async run(request: { mchid: string; outRefundNo: string }): Promise<Refund> {
    const refund = await this.orders.refundByNumber(request.mchid, request.outRefundNo);
    if (refund?.source !== 'merchant') {
      throw new Refusal('RESOURCE_NOT_EXISTS', { out_refund_no: request.outRefundNo });
    }
    return refund;
  }
}
