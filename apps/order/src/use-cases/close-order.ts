import { Refusal } from '@stuiver/errors';
import type { AuditEntry, Clock } from '@stuiver/ports';
import { isOutOfOurHands, nextAttemptState } from '../domain/attempt-states.js';
import type { Attempt } from '../domain/attempt.js';
import type { Order } from '../domain/order.js';
import type { EndAttempt } from './end-attempt.js';
import type { OrderName, OrderStore, OrderWrites, Wake } from './ports.js';

/** An attempt is ended between two looks at the order; a payer who keeps opening new ones is told to wait. */
const LOOKS_MAX = 3;

interface Closing {
  readonly reason: 'merchant' | 'expired';
  /** Put on record when the order is closed by it. */
  readonly act?: AuditEntry;
}

/** Closes an unpaid order. Safe to repeat. A payment that is under way is ended first, and if it won, it won. */
export class CloseOrder {
  constructor(
    private readonly orders: Pick<OrderStore, 'run'>,
    private readonly endAttempt: EndAttempt,
    private readonly tools: { clock: Clock; wake: Wake },
  ) {}

  /** @throws Refusal ORDER_NOT_EXIST, ORDER_PAID, SERVICE_UNAVAILABLE while a payment's outcome is not known */
  async run(request: { mchid: string; outTradeNo: string }, act?: AuditEntry): Promise<void> {
    await this.close(request, { reason: 'merchant', ...(act === undefined ? {} : { act }) });
  }

  /** As `run`, for an order whose time is over. */
  async expire(orderId: string): Promise<void> {
    await this.close({ id: orderId }, { reason: 'expired' });
  }

  private async close(name: OrderName, closing: Closing): Promise<void> {
    for (let look = 0; look < LOOKS_MAX; look += 1) {
      const open = await this.orders.run((writes) => this.closeUnlessPaying(writes, name, closing));
      if (open === null) {
        this.tools.wake.outbox();
        return;
      }
      const ended = await this.endAttempt.run(open.id);
      if (isOutOfOurHands(ended.state)) break;
    }
    throw new Refusal('SERVICE_UNAVAILABLE', {
      rule: 'an order closes when the outcome of its payment is known; ask again shortly',
    });
  }

  /** Null when the order is closed; else the attempt that must end first. */
  private async closeUnlessPaying(
    writes: OrderWrites,
    name: OrderName,
    closing: Closing,
  ): Promise<Attempt | null> {
    const order = await writes.lockOrder(name);
    const facts = 'outTradeNo' in name ? { out_trade_no: name.outTradeNo } : {};
    if (order === undefined) throw new Refusal('ORDER_NOT_EXIST', facts);
    if (order.payment !== null) throw new Refusal('ORDER_PAID', { out_trade_no: order.outTradeNo });
    if (order.state === 'CLOSED') return null;

    const attempts = await writes.attemptsOf(order.id);
    const open = attempts.find((attempt) => isOutOfOurHands(attempt.state));
    if (open !== undefined) return open;
    await this.writeClosed(writes, order, closing);
    for (const attempt of attempts) await this.closeSheet(writes, attempt);
    return null;
  }

  private async writeClosed(
    writes: OrderWrites,
    order: Order,
    { reason, act }: Closing,
  ): Promise<void> {
    await writes.saveClosed(order.id, { reason, at: this.tools.clock.now() });
    await writes.say({
      type: 'order.closed.v1',
      subject: order.id,
      data: { orderId: order.id, merchantId: order.mchid, outTradeNo: order.outTradeNo, reason },
    });
    if (act !== undefined) await writes.audit(act);
  }

  /** A sheet that nobody confirmed shows that its order is gone. */
  private async closeSheet(writes: OrderWrites, attempt: Attempt): Promise<void> {
    if (attempt.state !== 'created') return;
    const state = nextAttemptState(attempt.state, 'cancelled');
    if (state === null) return;
    const endedAt = this.tools.clock.now();
    await writes.saveAttempt({ ...attempt, state, endedAt, failure: 'order closed' });
  }
}
