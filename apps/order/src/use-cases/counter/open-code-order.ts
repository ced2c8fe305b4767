import { Refusal } from '@stuiver/errors';
import type { Clock, Random } from '@stuiver/ports';
import { amountOf, type CounterCode, counterCodeState } from '../../domain/counter-code.js';
import type { OpenOrder } from '../open-order.js';
import type { Wake } from '../ports.js';
import type { CounterRequest, CounterStore, CounterWrites, LivingOrder } from './counter-ports.js';
import { counterOrderOf } from './open-till-order.js';

export interface CodeOrderRequest {
  readonly code: string;
  readonly userId: string;
  /** The page's own: the same twice is one order. */
  readonly requestId: string;
  /** What the payer typed; null where the merchant says what it is. */
  readonly amountMinor: bigint | null;
}

const CODE_ORDER_LIFE_MS = 30 * 60_000;

/** A payer opens a printed code or a payment link: an order is made at that moment. Safe to repeat. */
export class OpenCodeOrder {
  constructor(
    private readonly counter: Pick<CounterStore, 'run' | 'appidOf' | 'findCode'>,
    private readonly openOrder: OpenOrder,
    private readonly tools: { clock: Clock; random: Random; wake: Wake },
  ) {}

  /**
   * @returns what opens the sheet on the order.
   * @throws Refusal NOT_FOUND; PARAM_ERROR on the amount; ORDER_ALREADY_PAID, ORDER_IS_EXPIRED or ORDER_IS_CLOSED for a
   *   code that is used up, over or withdrawn; ANOTHER_ATTEMPT_OPEN while others hold all that is left of a link
   */
  async run(asked: CodeOrderRequest): Promise<string> {
    const found = await this.counter.findCode(asked.code);
    if (found === undefined) throw new Refusal('NOT_FOUND', { field: 'code' });
    const appid = await this.counter.appidOf(found.mchid);
    const opened = await this.counter.run(async (writes) => {
      const code = await writes.lockCode({ code: asked.code });
      if (code === undefined) throw new Refusal('NOT_FOUND', { field: 'code' });
      const key = `${code.id}/${asked.userId}/${asked.requestId}`;
      const request = { mchid: code.mchid, key };
      const known = await writes.counterOrder(request);
      if (known !== undefined) return known.code;
      const living = await writes.livingOrders(code);
      this.refuseUnlessOpen(code, living);
      const amountMinor = payable(code, asked.amountMinor);
      const same = this.orderToShare(code, living, { userId: asked.userId, amountMinor });
      return same ?? this.openNew(writes, { code, request, appid, amountMinor, asked });
    });
    this.tools.wake.outbox();
    if (opened === null) throw new Refusal('ORDER_IS_CLOSED', { field: 'code' });
    return opened;
  }

  private refuseUnlessOpen(code: CounterCode, living: readonly LivingOrder[]): void {
    const paid = living.filter(({ isPaid }) => isPaid).length;
    const state = counterCodeState(code, paid, this.tools.clock.now());
    if (state === 'paid') throw new Refusal('ORDER_ALREADY_PAID', { field: 'code' });
    if (state === 'expired') throw new Refusal('ORDER_IS_EXPIRED', { field: 'code' });
    if (state === 'withdrawn') throw new Refusal('ORDER_IS_CLOSED', { field: 'code' });
  }

  /**
   * The payer's own open order for the amount. Where a link has no place left, also another payer's: one order is paid
   * once, so the link is not paid too often.
   */
  private orderToShare(
    code: CounterCode,
    living: readonly LivingOrder[],
    payer: { userId: string; amountMinor: bigint },
  ): string | null | undefined {
    const now = this.tools.clock.now();
    const open = living.filter(
      ({ isPaid, code: sheet, expiresAt }) => !isPaid && sheet !== null && expiresAt > now,
    );
    const own = open.find(
      ({ userId, amountMinor }) => userId === payer.userId && amountMinor === payer.amountMinor,
    );
    if (own !== undefined) return own.code;
    if (code.paymentsMax === null || living.length < code.paymentsMax) return undefined;
    const [first] = open;
    if (first !== undefined) return first.code;
    throw new Refusal('ANOTHER_ATTEMPT_OPEN', { rule: 'somebody is paying at this moment' });
  }

  private async openNew(
    writes: CounterWrites,
    what: {
      code: CounterCode;
      request: CounterRequest;
      appid: string;
      amountMinor: bigint;
      asked: CodeOrderRequest;
    },
  ): Promise<string | null> {
    const { code, request, appid, amountMinor, asked } = what;
    const { mchid, description, kind } = code;
    const order = { mchid, appid, amountMinor, description };
    const opened = await this.openOrder.openWithin(
      writes,
      counterOrderOf(order, kind === 'link' ? 'link' : 'qr', {
        random: this.tools.random,
        timeExpire: this.endOf(code),
      }),
    );
    const origin = { kind, codeId: code.id, userId: asked.userId };
    await writes.insertCounterOrder({ order: opened.order, request, origin });
    return opened.prepay.code;
  }

  private endOf({ expiresAt }: CounterCode): Date {
    const end = this.tools.clock.now().getTime() + CODE_ORDER_LIFE_MS;
    return new Date(Math.min(end, expiresAt?.getTime() ?? end));
  }
}

function payable(code: CounterCode, typedMinor: bigint | null): bigint {
  const minor = amountOf(code.price, typedMinor);
  if (minor !== null) return minor;
  const { min, max, fixed } = code.price;
  throw new Refusal('PARAM_ERROR', {
    field: 'amount_minor',
    rule: `must be from ${(min ?? fixed).minor.toString()} to ${(max ?? fixed).minor.toString()}`,
    value: typedMinor?.toString() ?? '',
  });
}
